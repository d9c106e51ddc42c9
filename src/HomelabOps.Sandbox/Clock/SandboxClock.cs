namespace HomelabOps.Sandbox.Clock;

/// <summary>
/// The homelab's time. It starts with the real one and can run faster or jump ahead, so that intervals, grace periods and
/// certificates end within milliseconds. Timers follow it, also those that are running. Safe for use by several threads.
/// </summary>
/// <param name="real">What it is derived from.</param>
public sealed class SandboxClock(TimeProvider real) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<ClockTimer> _timers = [];
    private long _realStart = real.GetTimestamp();
    private DateTimeOffset _start = real.GetUtcNow();
    private double _rate = 1;

    // While it is, it does not overtake the real time.
    private bool _isBehind;

    /// <summary>The homelab's clock over the system's.</summary>
    public SandboxClock()
        : this(System)
    {
    }

    /// <summary>A clock that is behind the system's, and does not know yet what has happened since.</summary>
    public static SandboxClock StartedBefore(TimeSpan age)
    {
        var clock = new SandboxClock();
        clock._start -= age;
        return clock;
    }

    /// <summary>Runs faster until the clock is level with the real one or the result is disposed of, which makes it level at once.</summary>
    /// <param name="rate">Above 1.</param>
    public IDisposable CatchUp(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rate, 1);
        Rebase(() => (_isBehind, _rate) = (true, rate));
        var level = real.CreateTimer(_ => Level(), null, Behind / (rate - 1), Timeout.InfiniteTimeSpan);
        return new Catching(() =>
        {
            level.Dispose();
            Level();
        });
    }

    private TimeSpan Behind => real.GetUtcNow() - GetUtcNow() is var behind && behind > TimeSpan.Zero ? behind : TimeSpan.Zero;

    private void Level()
    {
        Rebase(() =>
        {
            _start += Behind;
            (_isBehind, _rate) = (false, 1);
        });
    }

    /// <summary>Seconds that pass here in a real one; 1 at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rate
    {
        get
        {
            lock (_lock)
            {
                return _rate;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The rate of a clock is a positive number.");
            }

            Rebase(() => _rate = value);
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Jumps ahead. Timers that would have come due on the way come due now, once each.</summary>
    /// <param name="time">How far; not backwards.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Rebase(() => _start += time);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var now = _start + (real.GetElapsedTime(_realStart) * _rate);
            return _isBehind && real.GetUtcNow() is var level && now > level ? level : now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ClockTimer(this, callback, state);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    private void Rebase(Action change)
    {
        ClockTimer[] timers;
        lock (_lock)
        {
            _start = GetUtcNow();
            _realStart = real.GetTimestamp();
            change();
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Arm();
        }
    }

    /// <summary>Knows when it is due in the homelab's time and has a real timer set for that moment.</summary>
    private sealed class ClockTimer : ITimer
    {
        // What a real timer can be set to at the most.
        private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

        private readonly Lock _lock = new();
        private readonly SandboxClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private DateTimeOffset? _due;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _isDisposed;

        public ClockTimer(SandboxClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;

            _timer = clock.RealTimer(Fire);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                if (_isDisposed)
                {
                    return false;
                }

                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            }

            Arm();
            return true;
        }

        /// <summary>Sets the real timer to when this one is due at the present rate.</summary>
        public void Arm()
        {
            lock (_lock)
            {
                if (_isDisposed)
                {
                    return;
                }

                if (_due is not { } due)
                {
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return;
                }

                var left = (due - _clock.GetUtcNow()) / _clock.Rate;
                _timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _isDisposed = true;
            }

            _timer.Dispose();
            lock (_clock._lock)
            {
                _clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            lock (_lock)
            {
                if (_isDisposed || _due is not { } due)
                {
                    return;
                }

                var now = _clock.GetUtcNow();
                if (now < due)
                {
                    // The real timer is a little early, or could not be set so far ahead.
                    Arm();
                    return;
                }

                _due = _period == Timeout.InfiniteTimeSpan ? null : now + _period;
            }

            Arm();
            _callback(_state);
        }
    }

    private sealed class Catching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private ITimer RealTimer(Action fire) => real.CreateTimer(_ => fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
