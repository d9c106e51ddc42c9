namespace HomelabOps.Sandbox.Store;

/// <summary>The recent past of a collection, bounded in number, bytes and age. Used under the store's lock.</summary>
internal sealed class EventWindow(StoreLimits limits, TimeProvider clock)
{
    private readonly LinkedList<StoreEvent> _events = new();

    // Nothing is known of what happened at or before this revision but that it led to the present state.
    private long _compacted;
    private long _bytes;

    public void Add(StoreEvent change)
    {
        _events.AddLast(change);
        _bytes += change.After.Json.Length;
        while (_events.Count > limits.Events || _bytes > limits.Bytes)
        {
            RemoveFirst();
        }
    }

    /// <summary>What happened after the revision, oldest first; null when a part of that is forgotten.</summary>
    public List<StoreEvent>? Since(long revision)
    {
        RemoveOld();
        if (revision < _compacted)
        {
            return null;
        }

        var result = new List<StoreEvent>();
        for (var node = _events.Last; node is not null && node.Value.Revision > revision; node = node.Previous)
        {
            result.Add(node.Value);
        }

        result.Reverse();
        return result;
    }

    public bool Clear(long revision)
    {
        _events.Clear();
        _bytes = 0;
        _compacted = revision;
        return true;
    }

    private void RemoveOld()
    {
        var oldest = clock.GetUtcNow() - limits.Age;
        while (_events.First is { } first && first.Value.Time < oldest)
        {
            RemoveFirst();
        }
    }

    private void RemoveFirst()
    {
        var first = _events.First!.Value;
        _events.RemoveFirst();
        _bytes -= first.After.Json.Length;
        _compacted = first.Revision;
    }
}
