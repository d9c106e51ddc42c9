using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace HomelabOps.Console;

/// <summary>The prompt: reads a command, runs it, and again, until "exit" or the end of the input.</summary>
internal sealed class InteractiveSession
{
    private const string Continuation = ">> ";
    private readonly PipelineRunner _runner;
    private readonly ConsoleHost _host;
    private readonly ConsoleOutput _output;
    private readonly ConsoleInput _input;
    private readonly StopControl _stops;
    private readonly LineEditor? _editor;

    public InteractiveSession(PipelineRunner runner, ConsoleHost host, ConsoleOutput output, ConsoleInput input, StopControl stops)
    {
        _runner = runner;
        _host = host;
        _output = output;
        _input = input;
        _stops = stops;
        _editor = Terminal.CanEditLines ? new LineEditor(output, input, new Completer(runner)) : null;
        host.NestedPrompt = RunNested;
    }

    public int Run(bool banner)
    {
        if (banner)
        {
            _output.WriteLine($"{ConsoleVersion.Text}. 'exit' or Ctrl+D leaves; Get-Command -Module HomelabOps lists the cmdlets.");
        }

        while (_stops.ExitCode is null && ReadCommand(nested: false) is { } command)
        {
            _runner.RunScript(command);
            if (_host.RequestedExit is { } exitCode)
            {
                return exitCode;
            }
        }

        return ExitCodes.Success;
    }

    /// <summary>The prompt of a suspended pipeline: "exit" goes back to the question that it asked.</summary>
    private void RunNested()
    {
        _host.NestedPromptEnded = false;
        while (!_host.NestedPromptEnded && _stops.ExitCode is null && ReadCommand(nested: true) is { } command)
        {
            _runner.RunScript(command, nested: true);
            if (_host.RequestedExit is not null)
            {
                _host.RequestedExit = null;
                break;
            }
        }

        _host.NestedPromptEnded = false;
    }

    /// <returns>The next command, or null at the end of the input.</returns>
    private string? ReadCommand(bool nested)
    {
        try
        {
            while (true)
            {
                string? command = _editor is not null ? _editor.Read(Prompt(nested), Continuation) : ReadPlain(nested);
                if (command is null || !string.IsNullOrWhiteSpace(command))
                {
                    return command;
                }
            }
        }
        catch (PipelineStoppedException)
        {
            return null;
        }
    }

    private string? ReadPlain(bool nested)
    {
        StringBuilder command = new();
        do
        {
            if (Terminal.InputIsTerminal)
            {
                _output.WritePrompt(command.Length == 0 ? Prompt(nested) : Continuation);
            }

            if (_input.ReadLine() is not { } line)
            {
                return command.Length > 0 ? command.ToString() : null;
            }

            command.Append(line).Append('\n');
        }
        while (IsIncomplete(command.ToString()));

        return command.ToString();
    }

    internal static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        return Array.Exists(errors, error => error.IncompleteInput);
    }

    private string Prompt(bool nested) => _runner.TextOf("prompt", nested) is { Length: > 0 } text ? text : "PS HomelabOps> ";
}
