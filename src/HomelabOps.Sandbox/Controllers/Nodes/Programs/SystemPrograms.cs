using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs about processes and the system: sleep, timeout, env, date, id and their like.</summary>
internal static class SystemPrograms
{
    private const int TimedOut = 124;
    private const int Killed = 137;
    private const int NotFound = 127;

    public static void AddTo(ProgramTable table)
    {
        table.Add("true", (_, _) => Task.FromResult(0));
        table.Add("false", (_, _) => Task.FromResult(1));
        table.Add("sync", (_, _) => Task.FromResult(0));
        table.Add("sleep", SleepAsync);
        table.Add("timeout", TimeoutAsync);
        table.Add("env", EnvironmentAsync);
        table.Add("printenv", EnvironmentAsync);
        table.Add("command", CommandAsync);
        table.Add("exec", (call, stop) => RunAsync(call, call.Arguments, stop));
        table.Add("nice", (call, stop) => RunAsync(call, call.Arguments, stop));
        table.Add("date", DateAsync);
        table.Add("hostname", (call, stop) => SayAsync(call, call.Context.HostName, stop));
        table.Add("whoami", (call, stop) => call.Context.User.User == 0 ? SayAsync(call, "root", stop) : call.FailAsync($"unknown uid {call.Context.User.User}", stop));
        table.Add("id", (call, stop) => SayAsync(call, call.Has('u') ? call.Context.User.User.ToString(CultureInfo.InvariantCulture) : call.Has('g') ? call.Context.User.Group.ToString(CultureInfo.InvariantCulture) : call.Context.User.ToString(), stop));
        table.Add("uname", (call, stop) => SayAsync(call, call.Has('r') ? "6.8.12-4-pve" : call.Has('m') ? "x86_64" : call.Has('a') ? $"Linux {call.Context.HostName} 6.8.12-4-pve x86_64 GNU/Linux" : "Linux", stop));
        table.Add("pwd", (call, stop) => SayAsync(call, call.Folder, stop));
    }

    private static async Task<int> SleepAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Count == 0 || Duration(call.Arguments[0]) is not { } time)
        {
            return await call.FailAsync(call.Arguments.Count == 0 ? "missing operand" : $"invalid number '{call.Arguments[0]}'", cancellationToken);
        }

        await call.Context.Time.SleepAsync(time, cancellationToken);
        return 0;
    }

    // timeout [-s SIGNAL] [-k TIME] TIME COMMAND...
    private static async Task<int> TimeoutAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (index, kills) = (0, false);
        while (index < call.Arguments.Count && call.Arguments[index].StartsWith('-'))
        {
            var option = call.Arguments[index++];
            if (option is "-s" or "-k" or "-t" && index < call.Arguments.Count && (option != "-t" || Duration(call.Arguments[index]) is null))
            {
                kills |= option == "-s" && call.Arguments[index] is "KILL" or "SIGKILL" or "9";
                index++;
            }

            kills |= option is "--signal=KILL" or "-sKILL" or "-s9";
        }

        if (index >= call.Arguments.Count || Duration(call.Arguments[index]) is not { } time)
        {
            return await call.FailAsync("usage: timeout [-s SIG] [-k KILL_SECS] SECS PROG ARGS", cancellationToken);
        }

        return await call.Context.Time.LimitAsync(time, stop => RunAsync(call, [.. call.Arguments.Skip(index + 1)], stop), cancellationToken) ?? (kills ? Killed : TimedOut);
    }

    private static async Task<int> EnvironmentAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var sets = call.Arguments.TakeWhile(argument => argument.Contains('=', StringComparison.Ordinal)).ToArray();
        var environment = new SortedDictionary<string, string>(call.Environment.ToDictionary(), StringComparer.Ordinal);
        foreach (var pair in sets.Select(set => set.Split('=', 2)))
        {
            environment[pair[0]] = pair[1];
        }

        var rest = call.Arguments.Skip(sets.Length).ToArray();
        if (call.Name.EndsWith("printenv", StringComparison.Ordinal) && rest.Length > 0)
        {
            return environment.TryGetValue(rest[0], out var value) ? await SayAsync(call, value, cancellationToken) : 1;
        }

        if (rest.Length > 0)
        {
            return await RunAsync(call with { Environment = environment }, rest, cancellationToken);
        }

        await call.WriteAsync(string.Concat(environment.Select(pair => $"{pair.Key}={pair.Value}\n")), cancellationToken);
        return 0;
    }

    private static Task<int> DateAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var now = call.Context.Time.Now.UtcDateTime;
        var format = call.Arguments.FirstOrDefault(argument => argument.StartsWith('+'));
        return SayAsync(call, format switch
        {
            null => call.Arguments.Contains("-Iseconds") ? now.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture) : now.ToString("ddd MMM d HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture),
            "+%s" => new DateTimeOffset(now).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            _ => format[1..]
                .Replace("%F", now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("%T", now.ToString("HH:mm:ss", CultureInfo.InvariantCulture), StringComparison.Ordinal),
        }, cancellationToken);
    }

    private static async Task<int> RunAsync(ProgramCall call, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        if (command.Count == 0)
        {
            return 0;
        }

        return call.Context.Programs.Find(command[0]) is { } program
            ? await program(call with { Name = command[0], Arguments = [.. command.Skip(1)] }, cancellationToken)
            : await call.FailAsync($"can't execute '{command[0]}': {FileException.NotFound}", cancellationToken, NotFound);
    }

    // command -v NAME
    private static Task<int> CommandAsync(ProgramCall call, CancellationToken cancellationToken) => call.Arguments is ["-v", var name]
        ? call.Context.Programs.Find(name) is null ? Task.FromResult(1) : SayAsync(call, name, cancellationToken)
        : RunAsync(call, call.Arguments, cancellationToken);

    private static async Task<int> SayAsync(ProgramCall call, string text, CancellationToken cancellationToken)
    {
        await call.WriteAsync(text + "\n", cancellationToken);
        return 0;
    }

    private static TimeSpan? Duration(string text)
    {
        if (text is "infinity" or "inf")
        {
            return TimeSpan.FromDays(36500);
        }

        var unit = text.Length > 0 ? text[^1] : ' ';
        var number = char.IsAsciiLetter(unit) ? text[..^1] : text;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? TimeSpan.FromSeconds(value * unit switch { 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 1 })
            : null;
    }
}
