using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HomelabOps.Console;

/// <summary>Runs pipelines to the screen: output and errors go through the engine's views, in the order of their creation.</summary>
internal sealed class PipelineRunner(Runspace runspace, StopControl stops, ConsoleOutput output)
{
    // What is in the history is the user's and sets $?; what is not (a prompt function, the import) leaves $? as it was.
    private static readonly PSInvocationSettings ByUser = new() { AddToHistory = true };
    private static readonly PSInvocationSettings ByHost = new() { AddToHistory = false };

    public Runspace Runspace => runspace;

    /// <summary>Whether the user's last command succeeded, as $? tells.</summary>
    public bool LastSucceeded => runspace.SessionStateProxy.PSVariable.GetValue("?") is true;

    /// <summary>The last record that was shown.</summary>
    public object? LastOutput { get; private set; }

    public PipelineOutcome RunScript(string text, IEnumerable? input = null, bool nested = false) =>
        Run(shell => shell.AddScript(text, useLocalScope: false), input, nested: nested);

    public PipelineOutcome Run(Action<PowerShell> build, IEnumerable? input = null, bool byUser = true, bool nested = false)
    {
        using PowerShell shell = Create(nested);
        build(shell);
        shell.Commands.Commands[^1].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        LastOutput = null;
        shell.AddCommand(OutByTypeCommand.Info).AddParameter(nameof(OutByTypeCommand.Seen), new Action<PSObject?>(record => LastOutput = record?.BaseObject));
        return Invoke(shell, () => shell.Invoke(input, byUser ? ByUser : ByHost));
    }

    /// <summary>The text that a pipeline emits; null when it failed, which is not reported: who asks has a substitute.</summary>
    public string? TextOf(string script, bool nested)
    {
        using PowerShell shell = Create(nested);
        shell.AddScript(script, useLocalScope: false);
        string? text = null;
        PipelineOutcome outcome = Invoke(shell, () => text = string.Concat(shell.Invoke(input: null, ByHost)), report: false);
        return outcome == PipelineOutcome.Completed ? text : null;
    }

    private PowerShell Create(bool nested)
    {
        if (nested)
        {
            return PowerShell.Create(RunspaceMode.CurrentRunspace);
        }

        PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        return shell;
    }

    private PipelineOutcome Invoke(PowerShell shell, Action invoke, bool report = true)
    {
        stops.Enter(shell);
        try
        {
            if (stops.ExitCode is not null)
            {
                return PipelineOutcome.Stopped;
            }

            invoke();
            return PipelineOutcome.Completed;
        }
        catch (PipelineStoppedException)
        {
            return PipelineOutcome.Stopped;
        }
        catch (InvalidPowerShellStateException) when (stops.Token.IsCancellationRequested)
        {
            // Stopped between its creation and its start.
            return PipelineOutcome.Stopped;
        }
        catch (Exception problem) when (problem is RuntimeException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            if (report)
            {
                Report(problem, shell.IsNested, shell.Commands.Commands[0] is { IsScript: true } script ? script.CommandText : null);
            }

            return PipelineOutcome.Failed;
        }
        finally
        {
            stops.Leave();
            output.ClearProgress();
        }
    }

    /// <summary>
    /// The same parse error with its position. A text that is handed to the engine fails without one, and the view of errors
    /// shows nothing of it then; one that a script turns into a script block fails with it.
    /// </summary>
    private ErrorRecord? Located(string text, bool nested)
    {
        using PowerShell shell = Create(nested);
        shell.AddScript("try { $null = [scriptblock]::Create($args[0]) } catch { $_.Exception.InnerException.ErrorRecord }", useLocalScope: true)
            .AddArgument(text);
        return shell.Invoke<ErrorRecord>(input: null, ByHost) is [{ } record, ..] ? record : null;
    }

    /// <summary>Shows the error that ended a pipeline as the views show all others.</summary>
    private void Report(Exception problem, bool nested, string? text)
    {
        ErrorRecord record = problem is IContainsErrorRecord { ErrorRecord: { } contained } ? contained
            : new ErrorRecord(problem, problem.GetType().Name, ErrorCategory.NotSpecified, targetObject: null);
        if (problem is ParseException && text is not null)
        {
            record = Located(text, nested) ?? record;
        }

        output.ReportingError = true;
        try
        {
            using PowerShell shell = Create(nested);
            shell.AddCommand("Out-Default");
            shell.Invoke(new[] { record }, ByHost);
        }
        catch (RuntimeException)
        {
            output.WriteErrorLine(record.ToString());
        }
        finally
        {
            output.ReportingError = false;
        }
    }
}
