using System.Collections.Concurrent;

namespace HomelabOps.Core.GitOps.Index;

/// <summary>Keeps what was asked for of late: when the younger generation is full, the older one goes.</summary>
/// <param name="most">How many one generation has.</param>
/// <typeparam name="TKey">What is asked for.</typeparam>
/// <typeparam name="TValue">What is kept of it.</typeparam>
internal sealed class Generations<TKey, TValue>(int most)
    where TKey : notnull
    where TValue : class
{
    private ConcurrentDictionary<TKey, TValue> _young = [];
    private ConcurrentDictionary<TKey, TValue> _old = [];

    /// <summary>What is kept; null for nothing.</summary>
    public TValue? Find(TKey key)
    {
        if (_young.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_old.TryGetValue(key, out known))
        {
            Keep(key, known);
        }

        return known;
    }

    /// <summary>Keeps something.</summary>
    public void Keep(TKey key, TValue value)
    {
        if (_young.Count >= most)
        {
            (_old, _young) = (_young, []);
        }

        _young[key] = value;
    }
}
