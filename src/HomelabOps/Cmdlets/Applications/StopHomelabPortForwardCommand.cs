using System.Management.Automation;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Ends port-forwards of this process.</summary>
[Cmdlet(VerbsLifecycle.Stop, "HomelabPortForward", DefaultParameterSetName = "LocalPort", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Stop-HomelabPortForward.md")]
[OutputType(typeof(HomelabPortForward))]
[RequiresAccess("", "", "")]
public sealed class StopHomelabPortForwardCommand : HomelabCmdlet
{
    /// <summary>Ports of this machine.</summary>
    [Parameter(Position = 0, ParameterSetName = "LocalPort", Mandatory = true)]
    public int[] LocalPort { get; set; } = [];

    /// <summary>Port-forwards.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public HomelabPortForward? InputObject { get; set; }

    private protected override void Process()
    {
        foreach (var port in InputObject is null ? LocalPort : [InputObject.LocalPort])
        {
            if (Forwards.Records.FirstOrDefault(forward => forward.LocalPort == port) is not { } found)
            {
                WriteFailure(Core.Errors.PortForwardNotFound(port));
            }
            else if (ShouldProcess(Messages.PortForwardStop(found), Messages.PortForwardStop(found), Messages.Confirm) && Forwards.Stop(port) is { } stopped)
            {
                WriteObject(stopped);
            }
        }
    }
}
