using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Store;

/// <summary>All objects, under one revision that only grows, as etcd has it.</summary>
internal sealed class ObjectStore(TimeProvider clock, StoreLimits limits)
{
    private readonly ConcurrentDictionary<string, Collection> _collections = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly OwnerIndex _owners = new();
    private readonly Compaction _compaction = new(clock, limits.Age);

    // Rises with each write, in the collection that was written, while the lock is held.
    private long _revision = 1;

    /// <summary>Called under the lock's order, right after each write, with the collection that changed. Must only note it.</summary>
    public Action<Collection, StoreEvent>? Written { get; set; }

    public long Revision => Interlocked.Read(ref _revision);

    public TimeProvider Clock => clock;

    public StoreLimits Limits => limits;

    public OwnerIndex Owners => _owners;

    public IEnumerable<Collection> Collections => _collections.Values;

    /// <summary>The objects of a resource ("pods", "deployments.apps"), made when it is asked for first.</summary>
    public Collection Collection(string resource, IReadOnlyList<FieldPath> fields) =>
        _collections.GetOrAdd(resource, static (name, state) => new Collection(state.Store, name, state.Fields), (Store: this, Fields: fields));

    /// <summary>Forgets a resource that is no longer defined. Its watches end.</summary>
    public void Drop(string resource)
    {
        if (_collections.TryRemove(resource, out var collection))
        {
            collection.Close();
        }
    }

    /// <summary>Runs one write; gives the revision that it may take.</summary>
    internal T Write<T>(Func<long, T> write, Func<T, StoreEvent?> written, Collection collection)
    {
        lock (_writing)
        {
            _compaction.Pass(_revision);
            var next = _revision + 1;
            var result = write(next);
            if (written(result) is { } change)
            {
                _owners.Apply(collection, change);
                collection.Append(change);

                // After the append: whoever reads the revision finds the event of it.
                Interlocked.Exchange(ref _revision, next);
                Written?.Invoke(collection, change);
                collection.Changes.Tell();
            }

            return result;
        }
    }

    /// <summary>Whether the state of a revision can still be read. Under the lock.</summary>
    internal bool Knows(long revision) => _compaction.Knows(revision, _revision);

    /// <summary>Reads while nobody writes.</summary>
    internal T Locked<T>(Func<T> read)
    {
        lock (_writing)
        {
            return read();
        }
    }
}
