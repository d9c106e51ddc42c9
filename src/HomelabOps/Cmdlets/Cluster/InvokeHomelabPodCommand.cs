using System.Management.Automation;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Runs a command in pods, in all of them at the same time.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabPod", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-HomelabPod.md")]
[OutputType(typeof(HomelabCommandResult))]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class InvokeHomelabPodCommand : PodCommandCmdlet
{
    /// <summary>A line for the container's shell, or a program and its arguments.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>Seconds that the command may take in each pod.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override void Run(ClusterClient client, IReadOnlyList<PodTarget> targets)
    {
        var wanted = targets.Where(target => ShouldProcess(Messages.CommandRun(target, Command), Messages.CommandRunQuestion(target, Command), Messages.Confirm)).ToList();
        Drain(stop => CommandRunner.RunAsync(client, wanted, Command, TimeSpan.FromSeconds(TimeoutSeconds), stop));
    }
}
