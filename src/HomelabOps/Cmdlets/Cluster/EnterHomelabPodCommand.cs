using System.Management.Automation;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Opens a shell in a pod.</summary>
[Cmdlet(VerbsCommon.Enter, "HomelabPod", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Enter-HomelabPod.md")]
[OutputType(typeof(HomelabCommandResult))]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class EnterHomelabPodCommand : PodCommandCmdlet
{
    /// <summary>The shell, with its arguments.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "bash where the container has it, else sh")]
    public string[] Shell { get; set; } = [];

    private protected override void Run(ClusterClient client, IReadOnlyList<PodTarget> targets)
    {
        if (targets is not [var target])
        {
            WriteFailure(Core.Errors.NameAmbiguous(string.Join(", ", App.Concat(Name.Select(name => name.Text))), targets.Select(each => each.Pod)));
            return;
        }

        WriteObject(Await(stop => PodShell.RunAsync(client, target, Shell, stop)));
    }
}
