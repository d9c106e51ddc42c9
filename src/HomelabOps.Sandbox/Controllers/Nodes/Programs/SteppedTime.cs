namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>
/// Time that passes for processes only as far as somebody lets it. Each sleeps until its own moment, however late that is looked
/// at, and they run one after the other, within the call that lets time pass. What does more than so many steps while no time
/// passes is without an end.
/// </summary>
/// <param name="start">When it begins.</param>
internal sealed class SteppedTime(DateTimeOffset start) : IProcessTime
{
    // A script that counts to some ten thousand comes to its end.
    private const int MostSteps = 200_000;
    private const int MostTurns = 20_000;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Sleeper, (TimeSpan At, long Number)> _sleepers = new();
    private readonly Queue<Action> _posted = new();
    private readonly Queue<(Task Work, Action Resume)> _outside = new();
    private Task _last = Task.CompletedTask;
    private TimeSpan _reached;
    private long _number;
    private int _steps;
    private int _turns;

    public DateTimeOffset Now => start + Passed;

    /// <summary>Time since the start, of whoever runs now.</summary>
    public TimeSpan Passed { get; private set; }

    /// <summary>When the next one wakes up; null where none does by itself.</summary>
    public DateTimeOffset? NextAt
    {
        get
        {
            lock (_lock)
            {
                while (_sleepers.TryPeek(out var sleeper, out var due))
                {
                    if (!sleeper.IsDone)
                    {
                        return start + due.At;
                    }

                    _sleepers.Dequeue();
                }

                return null;
            }
        }
    }

    /// <summary>Lets time pass: all that is due by then runs, until everything sleeps again.</summary>
    /// <remarks>What goes on after a sleep goes on within this call, and not where somebody's context puts it.</remarks>
    public Task AdvanceAsync(DateTimeOffset now) => SynchronizationContext.Current is null ? RunAsync(now - start) : Task.Run(() => RunAsync(now - start));

    /// <summary>Told that somebody from elsewhere wants something done when time passes next.</summary>
    public Action? Posted { get; init; }

    /// <summary>Has something done among the processes when time passes next.</summary>
    public void Enqueue(Action action)
    {
        lock (_lock)
        {
            _posted.Enqueue(action);
        }
    }

    public void Post(Action action)
    {
        Enqueue(action);
        Posted?.Invoke();
    }

    public async Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waking = new TaskCompletionSource();
        if (time < TimeSpan.MaxValue - Passed)
        {
            At(time, () => waking.TrySetResult());
        }

        await using (cancellationToken.Register(() => waking.TrySetCanceled(cancellationToken)))
        {
            await waking.Task;
        }
    }

    /// <summary>A call that never returns.</summary>
    public Task HangAsync(CancellationToken cancellationToken) => SleepAsync(TimeSpan.MaxValue, cancellationToken);

    public async Task<int?> LimitAsync(TimeSpan limit, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isOver = false;
        var timer = At(limit, () =>
        {
            isOver = true;
            stopping.Cancel();
        });
        try
        {
            return await run(stopping.Token);
        }
        catch (OperationCanceledException) when (isOver && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            timer.IsDone = true;
        }
    }

    public async Task<T> OutsideAsync<T>(Func<Task<T>> work)
    {
        var running = work();
        if (!running.IsCompleted)
        {
            var resuming = new TaskCompletionSource();
            lock (_lock)
            {
                _outside.Enqueue((running, resuming.SetResult));
            }

            await resuming.Task;
        }

        return await running;
    }

    public void Step()
    {
        if (++_steps > MostSteps)
        {
            throw new EndlessException();
        }
    }

    private Sleeper At(TimeSpan delay, Action wake)
    {
        lock (_lock)
        {
            // Who catches up with long ago would do so for ever: from some point on it sleeps until now.
            var due = _turns > MostTurns && Passed + delay <= _reached ? _reached + Moment : Passed + delay;
            var sleeper = new Sleeper(wake);
            _sleepers.Enqueue(sleeper, (due, _number++));
            return sleeper;
        }
    }

    private async Task RunAsync(TimeSpan until)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            (before, _last) = (_last, done.Task);
        }

        await before;
        try
        {
            (_turns, _steps) = (0, 0);
            _reached = until > _reached ? until : _reached;
            while (await NextAsync(until) is { } action)
            {
                _turns++;
                action();
            }
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task<Action?> NextAsync(TimeSpan until)
    {
        (Task Work, Action Resume) outside;
        lock (_lock)
        {
            if (_posted.TryDequeue(out var posted))
            {
                return posted;
            }

            if (!_outside.TryDequeue(out outside))
            {
                return Due(until);
            }
        }

        await outside.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return outside.Resume;
    }

    private Action? Due(TimeSpan until)
    {
        while (_sleepers.TryPeek(out var sleeper, out var due) && (sleeper.IsDone || due.At <= until))
        {
            _sleepers.Dequeue();
            if (!sleeper.IsDone)
            {
                sleeper.IsDone = true;
                _steps = due.At > Passed ? 0 : _steps;
                Passed = due.At > Passed ? due.At : Passed;
                return sleeper.Wake;
            }
        }

        return null;
    }

    /// <summary>A process does one thing after the other without any end.</summary>
    internal sealed class EndlessException : Exception
    {
    }

    private sealed class Sleeper(Action wake)
    {
        public Action Wake => wake;

        public bool IsDone { get; set; }
    }
}
