using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace HomelabOps.Console;

/// <summary>Runs -File: the script gets its arguments as pwsh passes them and decides over the exit code.</summary>
internal static class ScriptFile
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    public static int Run(PipelineRunner runner, ConsoleHost host, string path, IReadOnlyList<string> arguments)
    {
        string fullPath = Path.GetFullPath(path);
        LetExitEndTheProcess(runner.Runspace);
        PipelineOutcome outcome = runner.Run(shell =>
        {
            Command script = fullPath.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
                ? new Command(fullPath, isScript: false, useLocalScope: false)

                // A script with a #! line may have any name, and the engine runs files by their extension.
                : new Command(File.ReadAllText(fullPath), isScript: true, useLocalScope: false);
            foreach (CommandParameter parameter in Parameters(arguments))
            {
                script.Parameters.Add(parameter);
            }

            shell.Commands.AddCommand(script);
        });
        return ConsoleApplication.ExitCodeAfter(outcome, runner, host);
    }

    /// <summary>-Name value, -Name:value and -Switch:$false mean what they mean at a prompt; all else is text.</summary>
    internal static IEnumerable<CommandParameter> Parameters(IReadOnlyList<string> arguments)
    {
        string? pending = null;
        foreach (string argument in arguments)
        {
            int colon = argument.IndexOf(':', StringComparison.Ordinal);
            if (pending is not null)
            {
                yield return new CommandParameter(pending, argument);
                pending = null;
            }
            else if (argument.Length < 2 || argument[0] != '-')
            {
                yield return new CommandParameter(null, argument);
            }
            else if (colon < 0)
            {
                yield return new CommandParameter(argument);
            }
            else if (colon == argument.Length - 1)
            {
                pending = argument[..colon];
            }
            else
            {
                string value = argument[(colon + 1)..];
                yield return new CommandParameter(argument[..colon], bool.TryParse(value.TrimStart('$'), out bool flag) ? flag : value);
            }
        }
    }

    /// <summary>
    /// "exit 3" in a script that is called ends that script only and leaves its mark in $LASTEXITCODE, where a native
    /// program's exit code is too. The engine has a switch for the script that is the program, which pwsh uses, and no
    /// public door to it. Should it be gone in some later engine, the exit code of the script is no longer known and $?
    /// decides; a test watches over it.
    /// </summary>
    private static void LetExitEndTheProcess(Runspace runspace)
    {
        object? context = runspace.GetType().GetProperty("ExecutionContext", Internal)?.GetValue(runspace);
        context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Internal)?.SetValue(context, value: true);
    }
}
