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

    // Replaced as a whole, so that whoever reads the clock, which all do all the time, waits for nobody.
    private volatile Course _course = new(real.GetTimestamp(), real.GetUtcNow(), 1, IsBehind: false);

    /// <summary>The homelab's clock over the system's.</summary>
    public SandboxClock()
        : this(System)
    {
    }

    /// <summary>A clock that is behind the system's, and does not know yet what has happened since.</summary>
    public static SandboxClock StartedBefore(TimeSpan age)
    {
        var clock = new SandboxClock();
        clock._course = clock._course with { Start = clock._course.Start - age };
        return clock;
    }

    /// <summary>Runs faster until the clock is level with the real one or the result is disposed of, which makes it level at once.</summary>
    /// <param name="rate">Above 1.</param>
    public IDisposable CatchUp(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rate, 1);
        Rebase(course => course with { IsBehind = true, Rate = rate });
        var level = real.CreateTimer(_ => Level(), null, Behind / (rate - 1), Timeout.InfiniteTimeSpan);
        return new Catching(() =>
        {
            level.Dispose();
            Level();
        });
    }

    private TimeSpan Behind => real.GetUtcNow() - GetUtcNow() is var behind && behind > TimeSpan.Zero ? behind : TimeSpan.Zero;

    private void Level() => Rebase(course => course with { Start = course.Start + Behind, IsBehind = false, Rate = 1 });

    /// <summary>Seconds that pass here in a real one; 1 at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rate
    {
        get => _course.Rate;

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The rate of a clock is a positive number.");
            }

            Rebase(course => course with { Rate = value });
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>True while a timer has come due and what it calls has not returned.</summary>
    public bool IsOverdue
    {
        get
        {
            ClockTimer[] timers;
            lock (_lock)
            {
                timers = [.. _timers];
            }

            return Array.Exists(timers, timer => timer.IsOverdue);
        }
    }

    /// <summary>Jumps ahead. Timers that would have come due on the way come due now, once each.</summary>
    /// <param name="time">How far; not backwards.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Rebase(course => course with { Start = course.Start + time });
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        while (true)
        {
            var course = _course;
            var now = course.Start + (real.GetElapsedTime(course.RealStart) * course.Rate);

            // Whoever was held up in between would run ahead at a rate that is not that of the time any more.
            if (ReferenceEquals(course, _course))
            {
                return course.IsBehind && real.GetUtcNow() is var level && now > level ? level : now;
            }
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

    private void Rebase(Func<Course, Course> change)
    {
        ClockTimer[] timers;
        lock (_lock)
        {
            _course = change(_course with { Start = GetUtcNow(), RealStart = real.GetTimestamp() });
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Arm();
        }
    }

    /// <summary>How time passes from some moment on.</summary>
    /// <param name="RealStart">The moment, by the real timestamp.</param>
    /// <param name="Start">What this clock showed then.</param>
    /// <param name="Rate">Seconds that pass here in a real one.</param>
    /// <param name="IsBehind">Whether it must not overtake the real time.</param>
    private sealed record Course(long RealStart, DateTimeOffset Start, double Rate, bool IsBehind);

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
        private int _calls;

        public ClockTimer(SandboxClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;

            _timer = clock.RealTimer(Fire);
        }

        public bool IsOverdue
        {
            get
            {
                lock (_lock)
                {
                    return _calls > 0 || (!_isDisposed && _due <= _clock.GetUtcNow());
                }
            }
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
                _calls++;
            }

            try
            {
                Arm();
                _callback(_state);
            }
            finally
            {
                lock (_lock)
                {
                    _calls--;
                }
            }
        }
    }

    private sealed class Catching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private ITimer RealTimer(Action fire) => real.CreateTimer(_ => fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
