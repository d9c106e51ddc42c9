using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Mounts;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Tells how the mounts of nodes are, without ever waiting for one that hangs.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NfsMount", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-NfsMount.md")]
[OutputType(typeof(NfsMountStatus))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "", "persistentvolumes")]
public sealed class TestNfsMountCommand : ProbeCmdlet
{
    /// <summary>Nodes.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [NodeNames]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public string[] Node { get; set; } = [];

    /// <summary>Paths on the nodes.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Seconds that each node may take.</summary>
    [Parameter]
    [ValidateRange(3, 3600)]
    public int ProbeTimeoutSeconds { get; set; } = 15;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Node", "nodes");
        }
    }

    private protected override void End()
    {
        var query = new NfsMountQuery
        {
            Nodes = [.. Node.Select(name => new ResourcePattern(name))],
            Paths = Path,
            Config = Config(),
            Probe = Probe with { Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) },
        };
        if (ParameterSetName == ByName)
        {
            DrainClusters((client, stop) => NfsMountTester.TestAsync(client, query, stop));
        }
        else
        {
            DrainCollected((client, names, stop) => NfsMountTester.TestAsync(client, query with { Nodes = names }, stop));
        }
    }
}
