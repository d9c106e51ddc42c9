using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>The objects of an informer by something that they hold, such as the uid of their controller. It is never behind its informer.</summary>
internal sealed class ObjectIndex(Func<JsonObject, IEnumerable<string>> keys)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ObjectName, JsonObject>> _objects = new(StringComparer.Ordinal);

    public IEnumerable<JsonObject> this[string key] => _objects.TryGetValue(key, out var objects) ? objects.Values : [];

    internal void Change(ObjectChange change)
    {
        if (change.Before is { } before)
        {
            foreach (var key in keys(before))
            {
                if (_objects.TryGetValue(key, out var objects) && objects.TryRemove(ObjectName.Of(before), out _) && objects.IsEmpty && (change.After is null || !keys(change.After).Contains(key, StringComparer.Ordinal)))
                {
                    // Changes come one after the other, so nobody adds to it meanwhile.
                    _objects.TryRemove(key, out _);
                }
            }
        }

        if (change.After is { } after)
        {
            foreach (var key in keys(after))
            {
                _objects.GetOrAdd(key, _ => new())[ObjectName.Of(after)] = after;
            }
        }
    }
}
