namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What a device has in its folder, by path.</summary>
internal sealed class SyncIndex
{
    private readonly SortedDictionary<string, SyncItem> _items = new(StringComparer.Ordinal);

    /// <summary>Number of the last change.</summary>
    public long Sequence { get; private set; }

    public IReadOnlyCollection<SyncItem> Items => _items.Values;

    public SyncItem? Find(string path) => _items.GetValueOrDefault(path);

    /// <summary>Takes over an item, as the next change.</summary>
    public SyncItem Set(SyncItem item) => _items[item.Path] = item with { Sequence = ++Sequence };

    /// <summary>Forgets all, and counts anew.</summary>
    public void Clear()
    {
        _items.Clear();
        Sequence = 0;
    }

    /// <summary>What it is now, for those who do not see what comes later.</summary>
    public SyncIndex Copy()
    {
        var copy = new SyncIndex { Sequence = Sequence };
        foreach (var (path, item) in _items)
        {
            copy._items.Add(path, item);
        }

        return copy;
    }
}
