using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>What changes the shell itself, and so cannot be a program.</summary>
internal sealed class ShellBuiltins(ShellInterpreter shell, ProgramCall call)
{
    /// <summary>Runs one of them; null for what is none.</summary>
    public async Task<int?> RunAsync(string name, string[] arguments, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "exit":
                throw new ShellExit(Number(arguments) is { } code ? code & 255 : shell.Status);
            case "return":
                throw new ShellJump(ShellJump.Target.Return, Number(arguments) ?? shell.Status);
            case "break":
                throw new ShellJump(ShellJump.Target.Break);
            case "continue":
                throw new ShellJump(ShellJump.Target.Continue);
            case ":" or "umask":
                return 0;
            case "trap":
                return await TrapAsync(arguments, cancellationToken);
            case "wait":
                return await shell.Jobs.WaitAsync(Number(arguments), cancellationToken);
            case "set":
                shell.StopsOnError = arguments.Aggregate(shell.StopsOnError, (on, option) => option.StartsWith('-') && option.Contains('e', StringComparison.Ordinal) || (on && !(option.StartsWith('+') && option.Contains('e', StringComparison.Ordinal))));
                return 0;
            case "shift":
                shell.Arguments = [.. shell.Arguments.Take(1), .. shell.Arguments.Skip(1 + (Number(arguments) ?? 1))];
                return 0;
            case "export" or "local" or "readonly":
                foreach (var pair in arguments.Select(argument => argument.Split('=', 2)).Where(pair => pair.Length == 2))
                {
                    shell.Variables[pair[0]] = pair[1];
                }

                return 0;
            case "unset":
                Array.ForEach(arguments, argument => shell.Variables.Remove(argument));
                return 0;
            case "exec" when arguments.Length == 0:
                return 0;
            case "exec":
                shell.Jobs.Process.Become(arguments);
                throw new ShellExit(await shell.ProgramAsync(arguments, shell.Variables, isOwn: true, cancellationToken));
            case "eval":
                return await shell.RunAsync(ShellParser.Parse(string.Join(' ', arguments)), cancellationToken);
            case "." when arguments.Length > 0:
                return await SourceAsync(arguments[0], cancellationToken);
            case "cd":
                return await ChangeFolderAsync(arguments.Length == 0 ? "/root" : arguments[0], cancellationToken);
            case "read":
                return await ReadAsync([.. arguments.Where(argument => !argument.StartsWith('-'))], cancellationToken);
            default:
                return null;
        }
    }

    private static int? Number(string[] arguments) => arguments.Length > 0 && int.TryParse(arguments[0], CultureInfo.InvariantCulture, out var number) ? number : null;

    // trap [ACTION] SIGNAL...; "-" is what is usual again.
    private async Task<int> TrapAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var words = arguments.SkipWhile(argument => argument == "--").ToArray();
        if (words.Length == 0)
        {
            return 0;
        }

        var isReset = words.Length == 1 || words[0] == "-" || Signals.Parse(words[0]) is not null;
        foreach (var name in words.Skip(isReset && words[0] != "-" ? 0 : 1))
        {
            if (Signals.Parse(name) is not { } signal)
            {
                return await shell.FailAsync($"trap: {name}: invalid signal specification", cancellationToken);
            }

            shell.Jobs.Process.Trap(signal, isReset ? null : words[0]);
        }

        return 0;
    }

    private async Task<int> ChangeFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var path = MountTable.Normalize(folder, shell.Folder);
        try
        {
            if (!(await call.Context.Files.StatAsync(path, cancellationToken)).IsDirectory)
            {
                throw new FileException(FileException.NoDirectory);
            }

            shell.Folder = path;
            return 0;
        }
        catch (FileException error)
        {
            return await shell.FailAsync($"cd: can't cd to {folder}: {error.Message}", cancellationToken);
        }
    }

    private async Task<int> SourceAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await shell.RunAsync(ShellParser.Parse(await call.Context.Files.ReadAsync(MountTable.Normalize(file, shell.Folder), cancellationToken)), cancellationToken);
        }
        catch (FileException error)
        {
            throw new ShellExit(await shell.FailAsync($"can't open '{file}': {error.Message}", cancellationToken, 2));
        }
    }

    private async Task<int> ReadAsync(string[] names, CancellationToken cancellationToken)
    {
        var line = await (call with { Input = shell.Streams[0] }).ReadLineAsync(cancellationToken);
        var parts = (line ?? "").Split(' ', Math.Max(1, names.Length), StringSplitOptions.TrimEntries);
        for (var index = 0; index < names.Length; index++)
        {
            shell.Variables[names[index]] = index < parts.Length ? parts[index] : "";
        }

        return line is null ? 1 : 0;
    }
}
