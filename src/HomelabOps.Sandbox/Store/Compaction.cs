namespace HomelabOps.Sandbox.Store;

/// <summary>
/// Which revisions are forgotten, as of an etcd whose API server compacts it at an interval, each time to where it was the time before: a
/// state can be read for one to two intervals, whether what it is of has changed or not. Used under the store's lock.
/// </summary>
internal sealed class Compaction(TimeProvider clock, TimeSpan interval)
{
    private (long Revision, DateTimeOffset Time) _last = (0, clock.GetUtcNow());
    private long _compacted;

    /// <summary>Whether the state of a revision can still be read.</summary>
    /// <param name="revision">The one that is asked for.</param>
    /// <param name="present">The latest one.</param>
    public bool Knows(long revision, long present)
    {
        Pass(present);
        return revision >= _compacted;
    }

    /// <summary>Takes note of the time that has passed; to be called before the revision rises.</summary>
    public void Pass(long present)
    {
        var intervals = (long)((clock.GetUtcNow() - _last.Time) / interval);
        if (intervals > 0)
        {
            // Nothing was written since the last note, so a second interval finds what is present now.
            _compacted = intervals > 1 ? present : _last.Revision;
            _last = (present, _last.Time + (intervals * interval));
        }
    }
}
