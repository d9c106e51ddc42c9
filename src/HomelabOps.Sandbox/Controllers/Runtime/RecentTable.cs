namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>A table of limited size: what was asked for the longest time ago is forgotten when there is no room. Safe for use by several threads.</summary>
/// <param name="capacity">How much it holds; above 0.</param>
internal sealed class RecentTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _places = [];

    // The one that was asked for last comes first.
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();

    /// <summary>How much it holds now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>The value of a key, made where it is not known or no longer.</summary>
    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(key, out var place))
            {
                _order.Remove(place);
                _order.AddFirst(place);
                return place.Value.Value;
            }

            if (_places.Count == capacity)
            {
                _places.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }

            var value = make();
            _places[key] = _order.AddFirst((key, value));
            return value;
        }
    }
}
