using System.Management.Automation;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives the port-forwards of this process.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabPortForward", HelpUri = HelpPages.Root + "Get-HomelabPortForward.md")]
[OutputType(typeof(HomelabPortForward))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabPortForwardCommand : HomelabCmdlet
{
    /// <summary>Ports of this machine.</summary>
    [Parameter(Position = 0)]
    public int[] LocalPort { get; set; } = [];

    private protected override void End()
    {
        var all = Forwards.Records;
        foreach (var port in LocalPort.Where(port => !all.Any(forward => forward.LocalPort == port)))
        {
            WriteFailure(Core.Errors.PortForwardNotFound(port));
        }

        WriteObject(all.Where(forward => LocalPort.Length == 0 || LocalPort.Contains(forward.LocalPort)), enumerateCollection: true);
    }
}
