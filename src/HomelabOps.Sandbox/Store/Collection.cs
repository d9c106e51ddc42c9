using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Store;

/// <summary>The objects of one resource, their recent past, and who waits for what comes.</summary>
internal sealed class Collection(ObjectStore store, string resource, IReadOnlyList<FieldPath> fields)
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredObject>> _namespaces = new(NamespaceOrder.Instance);
    private readonly EventWindow _window = new(store.Limits, store.Clock);
    private int _count;

    public string Resource => resource;

    public IReadOnlyList<FieldPath> Fields => fields;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The present revision of the whole store.</summary>
    public long Revision => store.Revision;

    public bool IsClosed { get; private set; }

    public StoredObject? Find(ObjectKey key) => store.Locked(() => FindLocked(key));

    /// <summary>The present objects in the order of lists, and the revision that they are of.</summary>
    public Snapshot Read(string? @namespace) => store.Locked(() => new Snapshot(store.Revision, Copy(@namespace)));

    /// <summary>The objects as they were, or null when that is too long ago.</summary>
    public Snapshot? ReadAt(string? @namespace, long revision) => store.Locked(() => revision == store.Revision
        ? new Snapshot(revision, Copy(@namespace))
        : store.Knows(revision) && _window.Since(revision) is { } later ? new Snapshot(revision, Undo(Copy(@namespace), later, @namespace)) : null);

    /// <summary>
    /// Writes what the change makes of the present state. It runs outside the lock and anew when another write was faster;
    /// null leaves all as it is.
    /// </summary>
    public StoredObject? Change(ObjectKey key, Func<StoredObject?, JsonObject?> change)
    {
        while (true)
        {
            var before = Find(key);
            var node = change(before);
            if (node is null)
            {
                return before;
            }

            if (TryCommit(key, before, node, deleted: false) is { } after)
            {
                return after;
            }
        }
    }

    /// <summary>Removes the object if it is still in the given state. Gives its last state, with the deletion's revision.</summary>
    public StoredObject? Remove(StoredObject before, JsonObject? last = null) => TryCommit(before.Key, before, last ?? before.ToNode(), deleted: true);

    /// <summary>Writes unless another write was faster (null). What changes nothing takes no revision.</summary>
    public StoredObject? TryCommit(ObjectKey key, StoredObject? before, JsonObject node, bool deleted)
    {
        // All but the revision is written outside the lock.
        var draft = StoredObject.Create(key, before?.Revision ?? store.Revision, node, fields);
        if (!deleted && before is not null && draft.Json.Length == before.Json.Length
            && (draft.Json.AsSpan().SequenceEqual(before.Json) || JsonNode.DeepEquals(draft.ToNode(), before.ToNode())))
        {
            return before;
        }

        return store.Write(
            revision =>
            {
                if (!ReferenceEquals(FindLocked(key), before) || IsClosed)
                {
                    return null;
                }

                var after = draft.At(revision, fields);
                Put(key, deleted ? null : after);
                return new StoreEvent(revision, before, after, deleted, store.Clock.GetUtcNow());
            },
            static change => change,
            this)?.After;
    }

    /// <summary>What happened after a revision, or null when that is too long ago.</summary>
    public List<StoreEvent>? EventsAfter(long revision) => store.Locked(() => _window.Since(revision));

    /// <summary>Tells of writes.</summary>
    public ChangeSignal Changes { get; } = new();

    public void Append(StoreEvent change) => _window.Add(change);

    /// <summary>Forgets the past, as a compaction does: watches and continue tokens from before are gone.</summary>
    public void Compact() => store.Locked(() => _window.Clear(store.Revision));

    public void Close()
    {
        IsClosed = true;
        Changes.TellNow();
    }

    private StoredObject? FindLocked(ObjectKey key) =>
        _namespaces.TryGetValue(key.Namespace, out var objects) && objects.TryGetValue(key.Name, out var found) ? found : null;

    private void Put(ObjectKey key, StoredObject? value)
    {
        if (!_namespaces.TryGetValue(key.Namespace, out var objects))
        {
            _namespaces[key.Namespace] = objects = new(StringComparer.Ordinal);
        }

        if (value is not null)
        {
            _count += objects.ContainsKey(key.Name) ? 0 : 1;
            objects[key.Name] = value;
            return;
        }

        _count -= objects.Remove(key.Name) ? 1 : 0;
        if (objects.Count == 0)
        {
            _namespaces.Remove(key.Namespace);
        }
    }

    private StoredObject[] Copy(string? @namespace)
    {
        if (@namespace is not null)
        {
            return _namespaces.TryGetValue(@namespace, out var objects) ? [.. objects.Values] : [];
        }

        var all = new StoredObject[_count];
        var index = 0;
        foreach (var objects in _namespaces.Values)
        {
            objects.Values.CopyTo(all, index);
            index += objects.Count;
        }

        return all;
    }

    private static StoredObject[] Undo(StoredObject[] now, List<StoreEvent> later, string? @namespace)
    {
        var objects = now.ToDictionary(item => item.Key);
        for (var index = later.Count - 1; index >= 0; index--)
        {
            var change = later[index];
            if (@namespace is not null && change.After.Key.Namespace != @namespace)
            {
                continue;
            }

            if (change.Before is null)
            {
                objects.Remove(change.After.Key);
            }
            else
            {
                objects[change.After.Key] = change.Before;
            }
        }

        return [.. objects.Values.OrderBy(item => item.Key)];
    }

    internal sealed record Snapshot(long Revision, StoredObject[] Objects);

    private sealed class NamespaceOrder : IComparer<string>
    {
        public static NamespaceOrder Instance { get; } = new();

        public int Compare(string? x, string? y) => new ObjectKey(x!, "").CompareTo(new ObjectKey(y!, ""));
    }
}
