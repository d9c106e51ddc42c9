using System.Management.Automation;

namespace HomelabOps.Console;

/// <summary>What the Tab key inserts: the engine's own completion, so that cmdlets complete as in pwsh.</summary>
internal sealed class Completer(PipelineRunner runner)
{
    public CommandCompletion? Complete(string text, int cursor)
    {
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runner.Runspace;
        try
        {
            return CommandCompletion.CompleteInput(text, cursor, options: null, shell);
        }
        catch (Exception problem) when (problem is RuntimeException or InvalidOperationException)
        {
            // A completer that fails, or a runspace that is busy with a suspended pipeline: nothing to offer.
            return null;
        }
    }
}
