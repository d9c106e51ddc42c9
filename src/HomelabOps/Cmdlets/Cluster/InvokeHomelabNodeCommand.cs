using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Runs a command on nodes, on all of them at the same time.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabNode", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-HomelabNode.md")]
[OutputType(typeof(HomelabCommandResult))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
public sealed class InvokeHomelabNodeCommand : ProbeCmdlet
{
    /// <summary>Names, with wildcards, or references.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [Alias("Node")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>A line for the shell, or a program and its arguments.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>The node's files can be changed.</summary>
    [Parameter]
    public SwitchParameter Writable { get; set; }

    /// <summary>Seconds that the command may take on each node.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override bool IsChange => true;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Node", "nodes");
        }
    }

    private protected override void End() => ForNamed(Name, RunOn);

    private void RunOn(ClusterClient client, IReadOnlyList<ResourcePattern> names)
    {
        var (nodes, missing) = Await(stop => NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = names }, stop));
        foreach (var error in missing)
        {
            WriteFailure(error);
        }

        var wanted = nodes.Where(node => ShouldProcess(
            Messages.NodeCommandRun(node.Metadata.Name, ProbeNamespace, Command, Writable), Messages.NodeCommandRunQuestion(node.Metadata.Name, Command), Messages.Confirm)).ToList();
        Drain(stop => NodeCommands.RunAsync(client, wanted, Command, Probe with { Writable = Writable }, TimeSpan.FromSeconds(TimeoutSeconds), stop));
    }
}
