namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>A process within a container. It and its signals belong to one time: who sends one from elsewhere posts it there.</summary>
/// <param name="number">By which it is known.</param>
/// <param name="time">The time that it lives in.</param>
/// <param name="stop">Ends it, for good.</param>
internal sealed class SimulatedProcess(int number, IProcessTime time, Action stop)
{
    /// <summary>The first one of a container: signals that it does not ask for do not reach it, not even one that kills.</summary>
    public const int First = 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, string> _traps = [];
    private readonly Queue<string> _actions = new();
    private TaskCompletionSource<int>? _waiting;
    private int? _endedBy;
    private bool _isGone;

    public int Number => number;

    public IProcessTime Time => time;

    public DateTimeOffset StartedAt { get; } = time.Now;

    public IReadOnlyList<string> Command { get; private set; } = [];

    /// <summary>What a program does at any signal that can be heard; null for one that asks for none, or by traps.</summary>
    public Action<int>? Handler { get; init; }

    /// <summary>What ended it, as an exit code; null where nothing did.</summary>
    public int? EndedBy => _endedBy is { } signal ? Signals.Code(signal) : null;

    /// <summary>It goes on as another program, which knows nothing of its traps.</summary>
    public void Become(IReadOnlyList<string> command)
    {
        lock (_lock)
        {
            Command = command;
            foreach (var signal in _traps.Where(trap => trap.Value.Length > 0).Select(trap => trap.Key).ToArray())
            {
                _traps.Remove(signal);
            }
        }
    }

    /// <summary>Says what it does at a signal: nothing at all for an empty action, what is usual for null.</summary>
    public void Trap(int signal, string? action)
    {
        lock (_lock)
        {
            if (action is null)
            {
                _traps.Remove(signal);
            }
            else
            {
                _traps[signal] = action;
            }
        }
    }

    /// <summary>What it does at a signal; null for what is usual.</summary>
    public string? TrapOf(int signal)
    {
        lock (_lock)
        {
            return _traps.GetValueOrDefault(signal);
        }
    }

    /// <summary>What a signal that has come asks of it; null for nothing.</summary>
    public string? NextAction()
    {
        lock (_lock)
        {
            return _actions.TryDequeue(out var action) ? action : null;
        }
    }

    /// <summary>Waits for others, and no longer than until a signal comes that it does something at.</summary>
    /// <returns>The code of the one that has ended, or that of the signal.</returns>
    public async Task<int> WaitAsync(Task<int> others, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<int>();
        lock (_lock)
        {
            _waiting = waiting;
        }

        await using (cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken)))
        {
            _ = RelayAsync(others, waiting);
            return await waiting.Task;
        }
    }

    /// <summary>It has ended, and hears nothing more.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _isGone = true;
        }
    }

    /// <summary>Gives it a signal from another process, wherever that lives.</summary>
    public void Post(int signal)
    {
        if (Handler is null)
        {
            time.Post(() => Send(signal));
        }
        else if (signal != Signals.Kill)
        {
            Handler(signal);
        }
    }

    /// <summary>Gives it a signal; called within its time.</summary>
    public void Send(int signal)
    {
        TaskCompletionSource<int>? interrupted = null;
        var code = Signals.Code(signal);
        lock (_lock)
        {
            var action = signal == Signals.Kill ? null : _traps.GetValueOrDefault(signal);
            if (action is { Length: > 0 })
            {
                _actions.Enqueue(action);
                (interrupted, _waiting) = (_waiting, null);
            }

            if (action is not null || number == First || _isGone)
            {
                signal = 0;
            }
            else
            {
                _endedBy ??= signal;
            }
        }

        interrupted?.TrySetResult(code);
        if (signal != 0)
        {
            stop();
        }
    }

    private static async Task RelayAsync(Task<int> others, TaskCompletionSource<int> waiting)
    {
        await ((Task)others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        waiting.TrySetResult(others.IsCompletedSuccessfully ? await others : 1);
    }
}
