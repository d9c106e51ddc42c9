using System.Management.Automation;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Gives the connection of this session.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabConnection", HelpUri = HelpPages.Root + "Get-HomelabConnection.md")]
[OutputType(typeof(HomelabConnection))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabConnectionCommand : HomelabCmdlet
{
    private protected override void End()
    {
        if (Session.Default is { } session)
        {
            WriteObject(session.Connection);
        }
    }
}
