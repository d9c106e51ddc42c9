using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs about the processes of a container, as busybox has them: ps, pidof, pgrep, kill, tty.</summary>
internal static class ProcessPrograms
{
    public static void AddTo(ProgramTable table)
    {
        table.Add("ps", ListAsync);
        table.Add("pgrep", FindAsync);
        table.Add("pidof", NamedAsync);
        table.Add("kill", KillAsync);
        table.Add("tty", TerminalAsync);
    }

    private static async Task<int> ListAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        await call.WriteAsync("PID   USER     TIME  COMMAND\n" + string.Concat(call.Context.Processes.All.Select(process => $"{process.Number,5} root      0:00 {Text(process)}\n")), cancellationToken);
        return 0;
    }

    // pgrep [-f] [-x] [-l] PATTERN; never itself.
    private static async Task<int> FindAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (call.Operands.FirstOrDefault() is not { } pattern)
        {
            return await call.FailAsync("no pattern", cancellationToken, 2);
        }

        var found = call.Context.Processes.All.Where(process => process != call.Process && Matches(call.Has('f') ? Text(process) : Name(process))).ToArray();
        await call.WriteAsync(string.Concat(found.Select(process => call.Has('l') ? $"{process.Number} {Name(process)}\n" : $"{process.Number}\n")), cancellationToken);
        return found.Length > 0 ? 0 : 1;

        bool Matches(string text) => call.Has('x') ? text == pattern : System.Text.RegularExpressions.Regex.IsMatch(text, pattern, default, TimeSpan.FromSeconds(1));
    }

    private static async Task<int> NamedAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var found = call.Context.Processes.All.Where(process => process != call.Process && call.Operands.Contains(Name(process), StringComparer.Ordinal)).Reverse().ToArray();
        if (found.Length > 0)
        {
            await call.WriteAsync(string.Join(' ', found.Select(process => process.Number.ToString(CultureInfo.InvariantCulture))) + "\n", cancellationToken);
        }

        return found.Length > 0 ? 0 : 1;
    }

    // kill [-SIGNAL | -s SIGNAL] PID...; signal 0 only asks whether it is there.
    private static async Task<int> KillAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var words = call.Arguments.ToList();
        var name = words is ["-s", _, ..] ? words[1] : words is [['-', .. var option], ..] ? option : "TERM";
        words.RemoveRange(0, words is ["-s", _, ..] ? 2 : words is [['-', ..], ..] ? 1 : 0);
        if (Signals.Parse(name) is not { } signal || words.Count == 0)
        {
            return await call.FailAsync(words.Count == 0 ? "you need to specify whom to kill" : $"bad signal name '{name}'", cancellationToken);
        }

        var status = 0;
        foreach (var word in words)
        {
            if (!int.TryParse(word, CultureInfo.InvariantCulture, out var number))
            {
                status = await call.FailAsync($"invalid number '{word}'", cancellationToken);
            }
            else if (call.Context.Processes.Find(number) is not { } process)
            {
                status = await call.FailAsync($"can't kill pid {number}: No such process", cancellationToken);
            }
            else if (signal != Signals.Exit)
            {
                process.Post(signal);
            }
        }

        return status;
    }

    private static async Task<int> TerminalAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (!call.Has('s'))
        {
            await call.WriteAsync(call.Context.HasTerminal ? "/dev/pts/0\n" : "not a tty\n", cancellationToken);
        }

        return call.Context.HasTerminal ? 0 : 1;
    }

    private static string Text(SimulatedProcess process) => string.Join(' ', process.Command);

    private static string Name(SimulatedProcess process) => process.Command.Count == 0 ? "" : process.Command[0][(process.Command[0].LastIndexOf('/') + 1)..];
}
