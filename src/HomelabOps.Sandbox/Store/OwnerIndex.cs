using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Store;

/// <summary>Who exists, by uid, and who names whom as owner. Changed under the store's lock only.</summary>
internal sealed class OwnerIndex
{
    private readonly ConcurrentDictionary<string, Entry> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);
    private readonly Lock _reading = new();

    public bool Exists(string uid) => _objects.ContainsKey(uid);

    /// <summary>Where the object with this uid is.</summary>
    public Entry? Find(string uid) => _objects.TryGetValue(uid, out var entry) ? entry : null;

    public Entry[] DependentsOf(string uid)
    {
        lock (_reading)
        {
            return _dependents.TryGetValue(uid, out var uids)
                ? [.. uids.Select(Find).OfType<Entry>().OrderBy(entry => entry.Collection.Resource, StringComparer.Ordinal).ThenBy(entry => entry.Key)]
                : [];
        }
    }

    public void Apply(Collection collection, StoreEvent change)
    {
        var uid = change.After.Uid;
        lock (_reading)
        {
            foreach (var owner in change.Before?.Owners ?? [])
            {
                if (_dependents.TryGetValue(owner, out var uids) && uids.Remove(uid) && uids.Count == 0)
                {
                    _dependents.Remove(owner);
                }
            }

            if (change.Deleted)
            {
                _objects.TryRemove(uid, out _);
                return;
            }

            _objects[uid] = new(collection, change.After.Key);
            foreach (var owner in change.After.Owners)
            {
                if (!_dependents.TryGetValue(owner, out var uids))
                {
                    _dependents[owner] = uids = new(StringComparer.Ordinal);
                }

                uids.Add(uid);
            }
        }
    }

    internal sealed record Entry(Collection Collection, ObjectKey Key);
}
