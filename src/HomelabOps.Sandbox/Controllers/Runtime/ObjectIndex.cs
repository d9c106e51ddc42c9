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
        // What keeps its key is replaced where it is: a reader must never find it missing in between, and make it anew.
        var present = change.After is { } after ? keys(after).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var key in present)
        {
            _objects.GetOrAdd(key, _ => new())[ObjectName.Of(change.After!)] = change.After!;
        }

        foreach (var key in change.Before is { } before ? keys(before) : [])
        {
            if (!present.Contains(key) && _objects.TryGetValue(key, out var objects) && objects.TryRemove(ObjectName.Of(change.Before!), out _) && objects.IsEmpty)
            {
                // Changes come one after the other, so nobody adds to it meanwhile.
                _objects.TryRemove(key, out _);
            }
        }
    }
}
