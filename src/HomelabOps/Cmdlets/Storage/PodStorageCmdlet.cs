using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Storage;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that look at the data of applications on nodes.</summary>
public abstract class PodStorageCmdlet : ProbeCmdlet
{
    /// <summary>Applications.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Seconds that it may take in all.</summary>
    [Parameter]
    [ValidateRange(3, 86400)]
    public int ProbeTimeoutSeconds { get; set; } = 600;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            Collect(reference => reference.Kind == "Node" ? new ResourcePattern(reference) : PipedApp.Read(InputObject), "applications and nodes");
        }
    }

    private protected override void End()
    {
        var query = new PodStorageQuery
        {
            Apps = App,
            Config = Config(),
            Probe = Probe with { Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) },
        };
        if (ParameterSetName == ByName)
        {
            Read(FindClient(), query);
            return;
        }

        foreach (var (client, names) in CollectedByCluster())
        {
            var nodes = names.ToLookup(name => name.Kind == "Node");
            Read(client, query with { Nodes = [.. nodes[true]], Apps = [.. nodes[false].Select(name => name.Name).Distinct(StringComparer.OrdinalIgnoreCase)] });
        }
    }

    private protected abstract void Read(ClusterClient client, PodStorageQuery query);
}
