namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>A line of cron: in the user's table, or in a file for the machine.</summary>
/// <param name="machineFolder">Where files of the machine are.</param>
internal sealed class CronScheduler(string machineFolder = "/etc/cron.d") : IScheduler
{
    public HomelabScheduler Kind => HomelabScheduler.Cron;

    public SchedulePlan Plan(ScheduledJob job)
    {
        var (when, command) = (job.Schedule.ToCron(), string.Join(' ', job.Command.Select(Quote)));

        // What is printed would be sent by mail at each run, and the journal of the check is the webhook. Errors still are.
        return job.OfMachine
            ? new($"{job.Unit} of cron") { Files = [(Path.Combine(machineFolder, job.Unit), $"# Written by Register-HomelabCheck. Unregister-HomelabCheck takes it away.\n{when} root {command} >/dev/null </dev/null\n")] }
            : new($"the line {job.Unit} of cron") { CronLines = [Mark(job.Unit), $"{when} {command} >/dev/null </dev/null"] };
    }

    /// <summary>The lines of a table that run a check; null for none.</summary>
    /// <param name="table">The user's table.</param>
    /// <param name="unit">How the scheduler calls the check.</param>
    /// <param name="check">The file of the check, which its command names.</param>
    internal static IReadOnlyList<string>? Find(string table, string unit, string check) =>
        table.Split('\n') is var lines && Array.IndexOf(lines, Mark(unit)) is >= 0 and var at && at + 1 < lines.Length && lines[at + 1].Contains(check, StringComparison.Ordinal) ? lines[at..(at + 2)] : null;

    /// <summary>The table with other lines for a check; none take it out.</summary>
    internal static string Edit(string table, string unit, IReadOnlyList<string> lines)
    {
        var kept = table.Split('\n').ToList();
        while (kept.Count > 0 && kept[^1].Length == 0)
        {
            kept.RemoveAt(kept.Count - 1);
        }

        var at = kept.IndexOf(Mark(unit));
        if (at >= 0)
        {
            // Somebody may have moved the lines about, and what is his stays.
            kept.RemoveRange(at, at + 1 < kept.Count && kept[at + 1].Contains(CheckCommand.Cmdlet, StringComparison.Ordinal) ? 2 : 1);
        }

        return kept.Count + lines.Count == 0 ? "" : string.Join('\n', kept.Concat(lines)) + "\n";
    }

    // The shell takes what is in single quotes as it is; cron itself makes lines of percent signs.
    private static string Quote(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)}'";

    private static string Mark(string unit) => $"# {unit}: the next line is Register-HomelabCheck's";
}
