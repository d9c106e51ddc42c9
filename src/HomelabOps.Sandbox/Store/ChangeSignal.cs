using System.Diagnostics;

namespace HomelabOps.Sandbox.Store;

/// <summary>
/// Wakes those who wait for the next write. Waking a thousand and sending to each costs far more than a write, so where many wait they are given
/// time between two times, and get at once what was written meanwhile. It is real time, whatever the homelab's clock says: it is about processors.
/// </summary>
internal sealed class ChangeSignal
{
    private static readonly TimeSpan TimeForEach = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);

    // Below this no timer can wait.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _told;
    private int _waiters;
    private bool _isDue;

    /// <summary>Completes at a later write. Ask for it before reading, or a write in between is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Somebody waits from now on, until what is returned is disposed of.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _waiters);
        return new Waiter(this);
    }

    /// <summary>Something was written.</summary>
    public void Tell()
    {
        var pause = TimeForEach * Volatile.Read(ref _waiters);
        var wait = (pause < Longest ? pause : Longest) - Stopwatch.GetElapsedTime(Interlocked.Read(ref _told));
        if (pause < Shortest || wait <= TimeSpan.Zero)
        {
            TellNow();
        }
        else if (!Interlocked.Exchange(ref _isDue, true))
        {
            _ = TellLaterAsync(wait);
        }
    }

    /// <summary>Wakes all without a pause.</summary>
    public void TellNow()
    {
        Interlocked.Exchange(ref _told, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private async Task TellLaterAsync(TimeSpan wait)
    {
        await Task.Delay(wait);

        // Before the others are woken: a write from here on is one that they may not see.
        Volatile.Write(ref _isDue, false);
        TellNow();
    }

    private sealed class Waiter(ChangeSignal signal) : IDisposable
    {
        private bool _isGone;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isGone, true))
            {
                Interlocked.Decrement(ref signal._waiters);
            }
        }
    }
}
