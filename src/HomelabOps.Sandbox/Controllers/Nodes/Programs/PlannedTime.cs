namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>
/// Time that passes only by waiting, so that what a process does is known beforehand, without running it. A process that does
/// more than so many steps, or waits beyond the horizon, is one without an end.
/// </summary>
internal sealed class PlannedTime(DateTimeOffset start, TimeSpan horizon) : IProcessTime
{
    private const int MostSteps = 20_000;
    private readonly Stack<TimeSpan> _deadlines = new([horizon]);
    private int _steps;

    public DateTimeOffset Now => start + Passed;

    /// <summary>Time since the start.</summary>
    public TimeSpan Passed { get; private set; }

    public Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var deadline = _deadlines.Min();
        if (time >= deadline - Passed)
        {
            Passed = deadline;
            throw new Deadline(deadline);
        }

        Passed += time;
        return Task.CompletedTask;
    }

    /// <summary>A call that never returns.</summary>
    public Task HangAsync(CancellationToken cancellationToken) => SleepAsync(TimeSpan.MaxValue, cancellationToken);

    public async Task<int?> LimitAsync(TimeSpan limit, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        var deadline = Passed + limit;
        _deadlines.Push(deadline);
        try
        {
            return await run(cancellationToken);
        }
        catch (Deadline reached) when (reached.At == deadline)
        {
            return null;
        }
        finally
        {
            _deadlines.Pop();
        }
    }

    public void Step()
    {
        if (++_steps > MostSteps)
        {
            throw new Deadline(horizon);
        }
    }

    /// <summary>A process is killed, or goes on beyond what is planned.</summary>
    internal sealed class Deadline(TimeSpan at) : Exception
    {
        public TimeSpan At => at;
    }
}
