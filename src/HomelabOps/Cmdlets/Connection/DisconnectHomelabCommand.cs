using System.Management.Automation;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Ends the connection of this session.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Homelab", HelpUri = HelpPages.Root + "Disconnect-Homelab.md")]
[OutputType(typeof(HomelabConnection))]
[RequiresAccess("", "", "")]
public sealed class DisconnectHomelabCommand : HomelabCmdlet
{
    private protected override void End()
    {
        if (Session.Disconnect() is { } session)
        {
            Forwards.StopAll(session.Client);
            WriteObject(session.Connection);
        }
        else
        {
            WriteFailure(Core.Errors.NoConnection());
        }
    }
}
