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
        while (await PromptAsync(call, interpreter, cancellationToken) is { } line)
        {
            try
            {
                await interpreter.RunAsync(ShellParser.Parse(line), cancellationToken);
            }
            catch (FormatException error)
            {
                await call.FailAsync(error.Message, cancellationToken);
            }
            catch (ShellExit exit)
            {
                return exit.Code;
            }
        }

        return interpreter.Status;
    }

    private static async Task<int> RunAsync(ProgramCall call, string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await new ShellInterpreter(call, arguments).RunAsync(ShellParser.Parse(script), cancellationToken);
        }
        catch (FormatException error)
        {
            return await call.FailAsync(error.Message, cancellationToken, 2);
        }
        catch (ShellExit exit)
        {
            return exit.Code;
        }
    }

    private static async Task<string?> PromptAsync(ProgramCall call, ShellInterpreter interpreter, CancellationToken cancellationToken)
    {
        if (call.Context.HasTerminal)
        {
            await call.WriteAsync($"{interpreter.Folder} # ", cancellationToken);
        }

        return await call.ReadLineAsync(cancellationToken);
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
