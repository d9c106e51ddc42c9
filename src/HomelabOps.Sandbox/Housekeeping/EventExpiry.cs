using System.Collections.Concurrent;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>
/// Drops events an hour after they were last written, as the leases of etcd do. All have the same time to live, so their order is that of
/// the writes, and one look a minute at the front of the line is enough.
/// </summary>
internal sealed class EventExpiry : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<(Collection Collection, ObjectKey Key, long Revision, DateTimeOffset Due)> _leases = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private int _sweeping;

    public EventExpiry(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Sweep(), null, Pace, Pace);
    }

    /// <summary>Notes a write; called while the store is locked.</summary>
    public void Note(Collection collection, StoreEvent change)
    {
        if (collection.Resource == "events" && !change.Deleted)
        {
            _leases.Enqueue((collection, change.After.Key, change.Revision, change.Time + Lifetime));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        // A fast clock comes again before all are gone.
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        try
        {
            var now = _clock.GetUtcNow();
            while (_leases.TryPeek(out var lease) && lease.Due <= now && _leases.TryDequeue(out lease))
            {
                // One that was written since has a later lease.
                if (lease.Collection.Find(lease.Key) is { } present && present.Revision == lease.Revision)
                {
                    lease.Collection.Remove(present);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
