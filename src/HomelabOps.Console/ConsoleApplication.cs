using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace HomelabOps.Console;

/// <summary>One run of the console: opens the session, imports the module, runs what was asked for, tells the exit code.</summary>
internal static class ConsoleApplication
{
    public static int Run(CommandLine options)
    {
        string? module = null;
        if (!options.NoImport)
        {
            module = ModuleLocator.Find(options.ModulePath, out string problem);
            if (module is null)
            {
                SystemConsole.Error.WriteLine(problem);
                return ExitCodes.Failure;
            }
        }

        if (options.Action == ConsoleAction.File && !File.Exists(options.ScriptPath))
        {
            SystemConsole.Error.WriteLine($"There is no script '{options.ScriptPath}'.");
            return ExitCodes.BadCommandLine;
        }

        // A session fed from a file or a pipe is a script to whoever stops it.
        bool prompting = options.Action == ConsoleAction.Interactive && Terminal.InputIsTerminal;
        using StopControl stops = new(interruptEnds: !prompting);
        if (Terminal.ColourUnwanted)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }

        ConsoleOutput output = new();
        ConsoleInput input = new(output, stops);
        ConsoleHost host = new(new ConsoleUserInterface(output, input, options.NonInteractive), output);
        using Runspace runspace = SessionFactory.Open(host);
        PipelineRunner runner = new(runspace, stops, output);

        int exitCode = (module is not null && !Import(runner, module)) || (options.Sandbox && !ConnectSandbox(runner))
            ? ExitCodes.Failure
            : options.Action switch
            {
                ConsoleAction.Command => RunCommand(runner, host, options.CommandText ?? SystemConsole.In.ReadToEnd(), options.CommandText is not null),
                ConsoleAction.File => ScriptFile.Run(runner, host, options.ScriptPath, options.ScriptArguments),
                _ => new InteractiveSession(runner, host, output, input, stops).Run(banner: prompting && !options.NoLogo),
            };

        // Only now: a stop during the import or the command decides over what they would have said.
        return stops.ExitCode ?? exitCode;
    }

    /// <summary>The exit code after the one pipeline that was asked for, by the rules of pwsh.</summary>
    public static int ExitCodeAfter(PipelineOutcome outcome, PipelineRunner runner, ConsoleHost host) =>
        host.RequestedExit
        ?? (outcome == PipelineOutcome.Completed && runner.LastSucceeded ? ExitCodes.Success : ExitCodes.Failure);

    private static bool Import(PipelineRunner runner, string module) =>
        runner.Run(shell => shell.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", ActionPreference.Stop), byUser: false)
            == PipelineOutcome.Completed;

    // Its record is of no interest to who wants a command's output, hence null.
    private static bool ConnectSandbox(PipelineRunner runner) =>
        runner.Run(shell => shell.AddScript("$null = Connect-Homelab -Sandbox -ErrorAction Stop", useLocalScope: false), byUser: false) == PipelineOutcome.Completed;

    private static int RunCommand(PipelineRunner runner, ConsoleHost host, string text, bool stdinIsFree)
    {
        IEnumerable? input = stdinIsFree && SystemConsole.IsInputRedirected && UsesInput(text) ? Lines(SystemConsole.In) : null;
        int exitCode = ExitCodeAfter(runner.RunScript(text, input), runner, host);
        return exitCode == ExitCodes.Success && host.RequestedExit is null && runner.LastOutput is false && QuietTest.Ends(text) ? ExitCodes.Failure : exitCode;
    }

    /// <summary>Reading stdin for a command that does not want it would wait for a stdin that never ends.</summary>
    private static bool UsesInput(string text) =>
        Parser.ParseInput(text, out _, out _).Find(
            node => node is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("input", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
