using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>The program <c>sh</c>: a script behind <c>-c</c>, a file, or line by line what it is given.</summary>
internal static class ShellProgram
{
    public static async Task<int> RunAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var arguments = call.Arguments.ToList();
        var command = arguments.FindIndex(argument => argument.StartsWith('-') && !argument.StartsWith("--", StringComparison.Ordinal) && argument.EndsWith('c'));
        if (command >= 0)
        {
            return command + 1 < arguments.Count
                ? await RunAsync(call, arguments[command + 1], arguments[(command + 2)..], cancellationToken)
                : await call.FailAsync("-c requires an argument", cancellationToken, 2);
        }

        if (arguments.FindIndex(argument => !argument.StartsWith('-')) is >= 0 and var file)
        {
            try
            {
                var script = await call.Context.Files.ReadAsync(call.Path(arguments[file]), cancellationToken);
                return await RunAsync(call, script, arguments[file..], cancellationToken);
            }
            catch (FileException error)
            {
                return await call.FailAsync($"can't open '{arguments[file]}': {error.Message}", cancellationToken, 2);
            }
        }

        var interpreter = new ShellInterpreter(call, []);
        return await ToEndAsync(interpreter, async () =>
        {
            await PromptedAsync(call, interpreter, cancellationToken);
            return interpreter.Status;
        }, cancellationToken);
    }

    private static async Task PromptedAsync(ProgramCall call, ShellInterpreter interpreter, CancellationToken cancellationToken)
    {
        var script = "";
        while (await PromptAsync(call, interpreter, script.Length > 0, cancellationToken) is { } line)
        {
            script += line;
            try
            {
                var parsed = ShellParser.Parse(script, isOpen: true);
                script = "";
                await interpreter.RunAsync(parsed, cancellationToken);
            }
            catch (UnfinishedScriptException) when (script.Length > 0)
            {
                script += "\n";
            }
            catch (FormatException error)
            {
                script = "";
                await call.FailAsync(error.Message, cancellationToken);
            }
        }

        if (script.Trim().Length > 0)
        {
            await call.FailAsync("syntax error: unexpected end of file", cancellationToken);
        }
    }

    private static async Task<int> RunAsync(ProgramCall call, string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var interpreter = new ShellInterpreter(call, arguments);
            var parsed = ShellParser.Parse(script);
            return await ToEndAsync(interpreter, () => interpreter.RunAsync(parsed, cancellationToken), cancellationToken);
        }
        catch (FormatException error)
        {
            return await call.FailAsync(error.Message, cancellationToken, 2);
        }
    }

    // At its end, whatever leads to it, comes what it was told to do then.
    private static async Task<int> ToEndAsync(ShellInterpreter interpreter, Func<Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            var code = await CodeAsync(run);
            return interpreter.Jobs.Process.TrapOf(Signals.Exit) is { Length: > 0 } last
                ? await CodeAsync(async () =>
                {
                    interpreter.Jobs.Process.Trap(Signals.Exit, null);
                    await interpreter.RunAsync(ShellParser.Parse(last), cancellationToken);
                    return code;
                })
                : code;
        }
        finally
        {
            interpreter.Jobs.End();
        }
    }

    private static async Task<int> CodeAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (ShellExit exit)
        {
            return exit.Code;
        }
    }

    private static async Task<string?> PromptAsync(ProgramCall call, ShellInterpreter interpreter, bool goesOn, CancellationToken cancellationToken)
    {
        if (call.Context.HasTerminal)
        {
            await call.WriteAsync(goesOn ? "> " : $"{interpreter.Folder} # ", cancellationToken);
        }

        return await call.ReadLineAsync(cancellationToken);
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
