using System.Management.Automation.Host;

namespace HomelabOps.Cmdlets;

// What is said when the command itself may say nothing any more, and asked where perhaps nobody is.
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

    /// <summary>Whether somebody has agreed, on the command line or now. Who cannot be asked has not.</summary>
    private protected bool HasAgreed(bool isTyped, string question)
    {
        try
        {
            return isTyped || ShouldContinue(question, Messages.Confirm);
        }
        catch (Exception error) when (AbsentUser.IsTheCause(error))
        {
            WriteWarning(Messages.NotAsked(question));
            return false;
        }
    }
}
