using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>Runs scripts over the simulated programs. One script at a time.</summary>
internal sealed class ShellInterpreter
{
    // Programs of the table that a shell has within itself; they are no processes.
    private static readonly HashSet<string> Own = new(["[", "command", "echo", "false", "kill", "printf", "pwd", "test", "true"], StringComparer.Ordinal);
    private const int HighestStream = 9;
    private readonly ProgramCall _call;
    private readonly Dictionary<string, ShellCommand> _functions = new(StringComparer.Ordinal);
    private readonly ShellExpansion _expansion;
    private readonly ShellBuiltins _builtins;
    private readonly bool _isSubshell;
    private int _conditions;
    private int _captured;

    public ShellInterpreter(ProgramCall call, IReadOnlyList<string> arguments)
    {
        _call = call;
        Arguments = arguments;
        Folder = call.Folder;
        Variables = new(call.Environment, StringComparer.Ordinal);
        Streams = [call.Input, call.Output, call.Error];
        Jobs = new ShellJobs(call);
        _builtins = new ShellBuiltins(this, call);
        _expansion = new ShellExpansion(this, call);
    }

    private ShellInterpreter(ShellInterpreter parent)
        : this(parent._call, parent.Arguments)
    {
        _isSubshell = true;
        Jobs = parent.Jobs;
        Folder = parent.Folder;
        Variables = new(parent.Variables, StringComparer.Ordinal);
        Streams = parent.Streams;
        Status = parent.Status;
        _functions = new(parent._functions, StringComparer.Ordinal);
        StopsOnError = parent.StopsOnError;
    }

    /// <summary>The exit code of the last command.</summary>
    public int Status { get; private set; }

    /// <summary><c>$0</c> and what follows it.</summary>
    public IReadOnlyList<string> Arguments { get; set; }

    public Dictionary<string, string> Variables { get; }

    public string Folder { get; set; }

    /// <summary>Whether it exits where a command fails.</summary>
    public bool StopsOnError { get; set; }

    /// <summary>What it has started beside itself, and what it does at signals.</summary>
    public ShellJobs Jobs { get; private init; }

    /// <summary>Input, output and errors of the command that runs.</summary>
    public Stream[] Streams { get; private set; }

    /// <summary>Runs a command; gives its exit code.</summary>
    public async Task<int> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _call.Context.Time.Step();
        if (command.Redirections.Count == 0)
        {
            return Status = await RunPlainAsync(command, cancellationToken);
        }

        var before = Streams;
        var opened = new List<FileOutput>();
        try
        {
            Streams = await RedirectAsync(command.Redirections, opened, cancellationToken);
            Status = await RunPlainAsync(command, cancellationToken);
            foreach (var file in opened)
            {
                await file.FlushAsync(cancellationToken);
            }

            if (command is SimpleCommand { Words: [{ Parts: [{ Kind: PartKind.Text, Text: "exec" }] }] })
            {
                // Without a program the streams become those of the shell.
                opened.ForEach(file => file.IsKept = true);
                before = Streams;
            }
        }
        catch (FileException error)
        {
            Streams = before;
            Status = await FailAsync(error.Message, cancellationToken);
        }
        finally
        {
            Streams = before;
        }

        return Status;
    }

    /// <summary>What a script writes, in a shell of its own.</summary>
    public async Task<string> CaptureAsync(string script, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var shell = new ShellInterpreter(this) { Streams = [Stream.Null, output, Streams[2]] };
        Status = _captured = await shell.RunToEndAsync(ShellParser.Parse(script), cancellationToken);
        return System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n');
    }

    private async Task<int> RunPlainAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case SimpleCommand simple:
                var status = await SimpleAsync(simple, cancellationToken);
                await TrapsAsync(cancellationToken);
                return status != 0 && StopsOnError && _conditions == 0 ? throw new ShellExit(status) : status;
            case Background background:
                var beside = new ShellInterpreter(this);
                beside.Streams = [Stream.Null, Streams[1], Streams[2]];
                Jobs.Start(stop => beside.RunToEndAsync(background.Command, stop), cancellationToken);
                return 0;
            case Sequence sequence:
                foreach (var each in sequence.Commands)
                {
                    await RunAsync(each, cancellationToken);
                }

                return sequence.Commands.Count == 0 ? 0 : Status;
            case Conditional conditional:
                var left = await TestAsync(conditional.Left, cancellationToken);
                return (left == 0) == conditional.IfSucceeded ? await RunAsync(conditional.Right, cancellationToken) : left;
            case Pipeline { Commands: [var only], IsNegated: false }:
                return await RunAsync(only, cancellationToken);
            case Pipeline pipeline:
                return await PipeAsync(pipeline, cancellationToken);
            case Subshell subshell:
                return await new ShellInterpreter(this).RunToEndAsync(subshell.Body, cancellationToken);
            case Choice choice:
                foreach (var (condition, body) in choice.Branches)
                {
                    if (await TestAsync(condition, cancellationToken) == 0)
                    {
                        return await RunAsync(body, cancellationToken);
                    }
                }

                return choice.Otherwise is null ? 0 : await RunAsync(choice.Otherwise, cancellationToken);
            case Loop loop:
                return await LoopAsync(async () => (await TestAsync(loop.Condition, cancellationToken) == 0) != loop.Until, loop.Body, cancellationToken);
            case Each each:
                var words = each.Words is null ? [.. Arguments.Skip(1)] : await _expansion.WordsAsync(each.Words, cancellationToken);
                using (var next = words.GetEnumerator())
                {
                    return await LoopAsync(() => Task.FromResult(next.MoveNext() && (Variables[each.Variable] = next.Current) is not null), each.Body, cancellationToken);
                }

            case Selection selection:
                return await SelectAsync(selection, cancellationToken);
            case Definition definition:
                _functions[definition.Name] = definition.Body;
                return 0;
            default:
                throw new NotSupportedException(command.GetType().Name);
        }
    }

    // What signals ask for is done between two commands, and by the shell itself.
    private async Task TrapsAsync(CancellationToken cancellationToken)
    {
        while (!_isSubshell && Jobs.Process.NextAction() is { } action)
        {
            var status = Status;
            await RunAsync(ShellParser.Parse(action), cancellationToken);
            Status = status;
        }
    }

    // A subshell that exits ends only itself.
    private async Task<int> RunToEndAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(command, cancellationToken);
        }
        catch (ShellExit exit)
        {
            return exit.Code;
        }
    }

    private async Task<int> TestAsync(ShellCommand condition, CancellationToken cancellationToken)
    {
        _conditions++;
        try
        {
            return await RunAsync(condition, cancellationToken);
        }
        finally
        {
            _conditions--;
        }
    }

    private async Task<int> LoopAsync(Func<Task<bool>> again, ShellCommand body, CancellationToken cancellationToken)
    {
        var status = 0;
        while (await again())
        {
            try
            {
                status = await RunAsync(body, cancellationToken);
            }
            catch (ShellJump jump) when (jump.To != ShellJump.Target.Return)
            {
                if (jump.To == ShellJump.Target.Break)
                {
                    break;
                }
            }
        }

        return status;
    }

    private async Task<int> PipeAsync(Pipeline pipeline, CancellationToken cancellationToken)
    {
        var status = 0;
        var input = Streams[0];
        for (var index = 0; index < pipeline.Commands.Count; index++)
        {
            var isLast = index == pipeline.Commands.Count - 1;
            using var output = isLast ? null : new MemoryStream();
            var shell = pipeline.Commands.Count == 1 ? this : new ShellInterpreter(this) { Streams = [input, output ?? Streams[1], Streams[2]] };
            shell._conditions += pipeline.IsNegated ? 1 : 0;
            status = pipeline.Commands.Count == 1 ? await RunAsync(pipeline.Commands[0], cancellationToken) : await shell.RunToEndAsync(pipeline.Commands[index], cancellationToken);
            shell._conditions -= pipeline.IsNegated ? 1 : 0;
            input = output is null ? input : new MemoryStream(output.ToArray());
        }

        return pipeline.IsNegated ? (status == 0 ? 1 : 0) : status;
    }

    private async Task<int> SelectAsync(Selection selection, CancellationToken cancellationToken)
    {
        var word = await _expansion.TextAsync(selection.Word, cancellationToken);
        foreach (var (patterns, body) in selection.Items)
        {
            foreach (var pattern in patterns)
            {
                if (ShellExpansion.Matches(await _expansion.TextAsync(pattern, cancellationToken), word))
                {
                    return await RunAsync(body, cancellationToken);
                }
            }
        }

        return 0;
    }

    private async Task<int> SimpleAsync(SimpleCommand command, CancellationToken cancellationToken)
    {
        _captured = 0;
        var words = await _expansion.WordsAsync(command.Words, cancellationToken);
        var environment = words.Count == 0 ? Variables : new(Variables, StringComparer.Ordinal);
        foreach (var (name, value) in command.Assignments)
        {
            environment[name] = await _expansion.TextAsync(value, cancellationToken);
        }

        if (words.Count == 0)
        {
            // An assignment is as good as the command whose output it takes.
            return _captured;
        }

        var arguments = words.Skip(1).ToArray();
        if (_functions.TryGetValue(words[0], out var function))
        {
            return await CallAsync(function, words, cancellationToken);
        }

        return await _builtins.RunAsync(words[0], arguments, cancellationToken) ?? await ProgramAsync(words, environment, isOwn: Own.Contains(words[0]), cancellationToken);
    }

    /// <summary>Runs a program as a process of its own, or within that of the shell.</summary>
    public async Task<int> ProgramAsync(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, bool isOwn, CancellationToken cancellationToken)
    {
        if (_call.Context.Programs.Find(words[0]) is not { } program)
        {
            return await FailAsync($"{words[0]}: not found", cancellationToken, 127);
        }

        var call = new ProgramCall(_call.Context, words[0], [.. words.Skip(1)], Streams[0], Streams[1], Streams[2]) { Environment = environment, Folder = Folder };
        return isOwn
            ? await program(call with { Process = Jobs.Process }, cancellationToken)
            : await _call.Context.Processes.RunAsync(words, _call.Context.Time, (process, stop) => program(call with { Process = process }, stop), cancellationToken);
    }

    private async Task<int> CallAsync(ShellCommand function, List<string> words, CancellationToken cancellationToken)
    {
        var before = Arguments;
        Arguments = words;
        try
        {
            return await RunAsync(function, cancellationToken);
        }
        catch (ShellJump jump) when (jump.To == ShellJump.Target.Return)
        {
            return jump.Code;
        }
        finally
        {
            Arguments = before;
        }
    }

    private async Task<Stream[]> RedirectAsync(IReadOnlyList<Redirection> redirections, List<FileOutput> opened, CancellationToken cancellationToken)
    {
        Stream?[] streams = [.. Streams, .. Enumerable.Repeat(default(Stream), Math.Max(0, HighestStream + 1 - Streams.Length))];
        foreach (var redirection in redirections)
        {
            streams[redirection.Stream] = redirection switch
            {
                { Target: null, Copied: null } => redirection.Stream > 2 ? null : Stream.Null,
                { Target: null, Copied: { } copied } => streams[copied] ?? throw new FileException($"{copied}: Bad file descriptor"),
                { IsHere: true } => new MemoryStream(ShellProgram.Bytes(await _expansion.TextAsync(redirection.Target, cancellationToken))),
                _ => await OpenAsync(redirection, streams, cancellationToken),
            };
            opened.AddRange(streams[redirection.Stream] is FileOutput file && redirection.Target is not null ? [file] : []);
        }

        return streams!;
    }

    private async Task<Stream> OpenAsync(Redirection redirection, Stream?[] streams, CancellationToken cancellationToken)
    {
        var path = MountTable.Normalize(await _expansion.TextAsync(redirection.Target!, cancellationToken), Folder);
        return (redirection.Direction, path) switch
        {
            (_, "/dev/null") => Stream.Null,
            ('<', _) => new MemoryStream(ShellProgram.Bytes(await _call.Context.Files.ReadAsync(path, cancellationToken))),
            (_, "/dev/stdout" or "/proc/1/fd/1") => streams[1] ?? Stream.Null,
            (_, "/dev/stderr") => streams[2] ?? Stream.Null,
            _ => await FileOutput.OpenAsync(_call.Context.Files, path, redirection.Append, cancellationToken),
        };
    }

    /// <summary>Says what went wrong; gives the code.</summary>
    public async Task<int> FailAsync(string message, CancellationToken cancellationToken, int code = 1)
    {
        await Streams[2].WriteAsync(ShellProgram.Bytes($"sh: {message}\n"), cancellationToken);
        return code;
    }
}
