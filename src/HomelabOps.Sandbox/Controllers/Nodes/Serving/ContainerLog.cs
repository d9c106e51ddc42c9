using System.Globalization;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>The log of one start of a container. Nothing of it is stored but what commands write: all else follows from what the container does.</summary>
/// <param name="plan">What it does.</param>
/// <param name="start">When it was started.</param>
/// <param name="end">How it ended; null while it runs.</param>
internal sealed class ContainerLog(ProcessPlan plan, DateTimeOffset start, Termination? end)
{
    private readonly (long Gone, IReadOnlyList<LogLine> Lines) _live = plan.Live?.Output.Snapshot() ?? (0, []);
    private readonly TimeSpan _planned = plan.Lines.Count == 0 ? TimeSpan.Zero : plan.Lines[plan.Lines.Count - 1].At;

    /// <summary>The number of the oldest line that is left.</summary>
    public long First => Journal is { } journal && journal.First > plan.JournalStart ? plan.Lines.Count + journal.First - plan.JournalStart : _live.Gone;

    private LogJournal? Journal => plan.Application?.Journal;

    /// <summary>How many lines it has at a time.</summary>
    public long Count(DateTimeOffset now)
    {
        var last = end is { } ended && ended.FinishedAt < now ? ended.FinishedAt : now;
        var until = last - start;
        if (until < TimeSpan.Zero)
        {
            return 0;
        }

        if (plan.Live is not null)
        {
            return _live.Gone + _live.Lines.Count;
        }

        // What it died of comes last, and only when it has.
        return Planned(until) + Ongoing(until) + Written(last) + (IsFatal && end!.FinishedAt <= now ? 1 : 0);
    }

    /// <summary>A line with its time, by its number from 0.</summary>
    public (DateTimeOffset Time, string Text) Line(long number)
    {
        if (plan.Live is not null)
        {
            var line = _live.Lines[(int)(number - _live.Gone)];
            return (start + line.At, line.Text);
        }

        if (IsFatal && end!.FinishedAt - start is var lasted && number >= Planned(lasted) + Ongoing(lasted) + Written(end.FinishedAt))
        {
            return (end.FinishedAt, string.Create(CultureInfo.InvariantCulture, $"fatal: unhandled error, exiting with code {end.ExitCode}"));
        }

        if (number < plan.Lines.Count)
        {
            var planned = plan.Lines[(int)number];
            return (start + planned.At, planned.Text);
        }

        if (Journal is { } journal)
        {
            return journal.Line(plan.JournalStart + number - plan.Lines.Count);
        }

        var ongoing = number - plan.Lines.Count;
        return (start + _planned + (plan.Pace * (ongoing + 1)), plan.Ongoing[(int)(ongoing % plan.Ongoing.Count)]);
    }

    // An application that crashes says so; one that is killed does not come to it.
    private bool IsFatal => plan.Application is not null && end is { Reason: "Error", ExitCode: not 137 };

    private int Planned(TimeSpan until) => until >= _planned ? plan.Lines.Count : plan.Lines.TakeWhile(line => line.At <= until).Count();

    private long Written(DateTimeOffset until) => Journal is { } journal ? Math.Max(0, journal.EndAt(until) - plan.JournalStart) : 0;

    private long Ongoing(TimeSpan until) => plan.Ongoing.Count == 0 || until <= _planned ? 0 : (until - _planned).Ticks / plan.Pace.Ticks;
}
