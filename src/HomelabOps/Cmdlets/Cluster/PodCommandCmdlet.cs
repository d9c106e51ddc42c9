using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Pods;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Base of the cmdlets that run something in pods: those that are named, those of an application, or what is piped in.</summary>
public abstract class PodCommandCmdlet : ObjectCmdlet
{
    /// <summary>Applications.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>The container.</summary>
    [Parameter]
    [Alias("c")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? Container { get; set; }

    private protected override bool IsChange => true;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Pod", "pods");
        }
    }

    private protected override void End()
    {
        if (ParameterSetName != ByName)
        {
            foreach (var (client, names) in CollectedByCluster())
            {
                RunIn(client, new() { Objects = Objects with { Names = names, Namespaces = NamespacesOf(names) } });
            }
        }
        else if (Name.Length + App.Length > 0 || Selector is not null)
        {
            RunIn(FindClient(), new() { Objects = Objects, Apps = App });
        }
        else
        {
            throw Core.Errors.NameRequired();
        }
    }

    /// <summary>Runs it in the containers that were found in one cluster.</summary>
    private protected abstract void Run(ClusterClient client, IReadOnlyList<PodTarget> targets);

    private void RunIn(ClusterClient client, PodQuery query)
    {
        var found = Await(stop => PodTargets.FindAsync(client, query, Container, stop));
        foreach (var failure in found.Failures)
        {
            WriteFailure(failure);
        }

        if (found.Targets.Count > 0)
        {
            Run(client, found.Targets);
        }
    }
}
