using System.Management.Automation.Host;

namespace HomelabOps.Cmdlets;

// What is said when the command itself may say nothing any more.
public abstract partial class HomelabCmdlet
{
    /// <summary>Tells the user something after Ctrl+C, past the pipeline, which takes nothing by then. Some hosts show nothing.</summary>
    private protected Action<string> TellHost()
    {
        var screen = Host?.UI;
        return text =>
        {
            try
            {
                screen?.WriteWarningLine(text);
            }
            catch (Exception error) when (error is HostException or NotImplementedException or InvalidOperationException or NullReferenceException)
            {
                // There is no screen, or it belongs to a session that is gone.
            }
        };
    }
}
