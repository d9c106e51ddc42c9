namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// The names that a controller has to look at. A name that is added several times is given out once, and never to two
/// workers at the same time. Times are of the homelab's clock.
/// </summary>
/// <param name="clock">The homelab's clock.</param>
/// <param name="rank">Who comes first: the highest; of equals who came first.</param>
internal sealed class WorkQueue(TimeProvider clock, Func<ObjectName, long> rank) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<ObjectName, (long Rank, long Number)> _ready = new();
    private readonly HashSet<ObjectName> _waiting = [];
    private readonly HashSet<ObjectName> _running = [];
    private readonly Dictionary<ObjectName, (DateTimeOffset Due, ITimer Timer)> _later = [];
    private readonly Dictionary<ObjectName, int> _failures = [];
    private readonly SemaphoreSlim _available = new(0);
    private long _number;
    private bool _isDisposed;

    /// <summary>True when nothing is to be done now and nobody is at work.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count == 0 && _running.Count == 0;
            }
        }
    }

    /// <summary>True when nothing can be begun now and so many are at work at the most.</summary>
    public bool IsIdleBut(int workers)
    {
        lock (_lock)
        {
            return _ready.Count == 0 && _running.Count <= workers;
        }
    }

    /// <summary>The name has to be looked at; while it is, it will be once more.</summary>
    public void Add(ObjectName name)
    {
        lock (_lock)
        {
            if (_isDisposed || !_waiting.Add(name) || _running.Contains(name))
            {
                return;
            }

            _ready.Enqueue(name, (-rank(name), _number++));
        }

        _available.Release();
    }

    /// <summary>The name has to be looked at after this time, unless it is due sooner already.</summary>
    public void AddAfter(ObjectName name, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(name);
            return;
        }

        var due = clock.GetUtcNow() + delay;
        lock (_lock)
        {
            if (_isDisposed || (_later.TryGetValue(name, out var present) && present.Due <= due))
            {
                return;
            }

            present.Timer?.Dispose();
            _later[name] = (due, clock.CreateTimer(_ => Due(name, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>What was planned for later is not needed any more.</summary>
    public void Cancel(ObjectName name)
    {
        lock (_lock)
        {
            if (_later.Remove(name, out var planned))
            {
                planned.Timer.Dispose();
            }
        }
    }

    /// <summary>Looking at the name failed: again, later each time.</summary>
    public void AddFailed(ObjectName name)
    {
        int failures;
        lock (_lock)
        {
            _failures[name] = failures = _failures.GetValueOrDefault(name) + 1;
        }

        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 20));
        AddAfter(name, delay < LongestRetry ? delay : LongestRetry);
    }

    /// <summary>Looking at the name went well.</summary>
    public void Forget(ObjectName name)
    {
        lock (_lock)
        {
            _failures.Remove(name);
        }
    }

    /// <summary>The next name; the caller says <see cref="Done"/> when it has looked at it.</summary>
    public async Task<ObjectName> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var name = _ready.Dequeue();
            _waiting.Remove(name);
            _running.Add(name);
            return name;
        }
    }

    public void Done(ObjectName name)
    {
        lock (_lock)
        {
            _running.Remove(name);
            if (!_waiting.Contains(name))
            {
                return;
            }

            _ready.Enqueue(name, (-rank(name), _number++));
        }

        _available.Release();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var (_, timer) in _later.Values)
            {
                timer.Dispose();
            }

            _later.Clear();
        }

        _available.Dispose();
    }

    private void Due(ObjectName name, DateTimeOffset due)
    {
        lock (_lock)
        {
            if (_isDisposed || !_later.TryGetValue(name, out var present) || present.Due != due)
            {
                return;
            }

            present.Timer.Dispose();
            _later.Remove(name);
        }

        Add(name);
    }
}
