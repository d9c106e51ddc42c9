using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Reading;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// All objects of a type as a watch tells them. They are shared by all who read them, so nobody changes one: who wants
/// another makes a deep clone. Objects carry apiVersion and kind.
/// </summary>
internal sealed class Informer(ClusterClient client, ResourceType type)
{
    private readonly ConcurrentDictionary<ObjectName, JsonObject> _objects = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ObjectName, JsonObject>> _byNamespace = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synchronized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ObjectIndex> _indexes = [];
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private Action<ObjectChange>? _changed;
    private long _version;

    public ResourceType Type => type;

    /// <summary>Ends when everything that was there at the start is known.</summary>
    public Task Synchronized => _synchronized.Task;

    /// <summary>True when it knows everything that was there at the start.</summary>
    public bool IsSynchronized { get; private set; }

    /// <summary>All objects.</summary>
    public IEnumerable<JsonObject> All => _objects.Values;

    public int Count => _objects.Count;

    /// <summary>Called for every change, one after the other. To be added to before the start.</summary>
    public void OnChange(Action<ObjectChange> handler) => _changed += handler;

    /// <summary>Keeps the objects by further keys. To be asked for before the start.</summary>
    public ObjectIndex Index(Func<JsonObject, IEnumerable<string>> keys)
    {
        var index = new ObjectIndex(keys);
        _indexes.Add(index);
        return index;
    }

    /// <summary>The objects by the uid of their controller. To be asked for before the start.</summary>
    public ObjectIndex ByController => field ??= Index(Ownership.DependentKey);

    public JsonObject? Find(ObjectName name) => _objects.GetValueOrDefault(name);

    public JsonObject? Find(string @namespace, string name) => Find(new ObjectName(@namespace, name));

    public IEnumerable<JsonObject> In(string @namespace) => _byNamespace.TryGetValue(@namespace, out var objects) ? objects.Values : [];

    /// <summary>Ends when the informer knows of this version, or of a later one; also when that takes too long, as while its watch is cut.</summary>
    public async Task ReachedAsync(long version, TimeSpan patience, CancellationToken cancellationToken)
    {
        TaskCompletionSource reached;
        lock (_waiting)
        {
            if (_version >= version || !_synchronized.Task.IsCompleted)
            {
                return;
            }

            reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(reached, version);
        }

        // Who goes on without it sees a conflict, and comes again.
        await reached.Task.WaitAsync(patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Follows the type until cancelled, also where it is not served yet.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (HomelabException) when (!cancellationToken.IsCancellationRequested)
            {
                // A type whose definition comes later, or a server that is restarted; there is nobody else to tell.
                _synchronized.TrySetResult();
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var unseen = _objects.Keys.ToHashSet();
        await foreach (var change in client.WatchAsync(type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken))
        {
            switch (change.Kind)
            {
                case WatchEventKind.Synchronized:
                    foreach (var name in unseen)
                    {
                        Remove(name);
                    }

                    unseen.Clear();
                    IsSynchronized = true;
                    _synchronized.TrySetResult();
                    break;
                case WatchEventKind.Deleted:
                    Remove(ObjectName.Of(change.Object!.Json));
                    Reach(Version(change.Object!.Json));
                    break;
                default:
                    var item = change.Object!.Json;
                    item["apiVersion"] = type.ApiVersion;
                    item["kind"] = type.Kind;
                    unseen.Remove(ObjectName.Of(item));
                    Set(item);
                    Reach(Version(item));
                    break;
            }
        }
    }

    private void Set(JsonObject item)
    {
        var name = ObjectName.Of(item);
        var before = _objects.GetValueOrDefault(name);
        _objects[name] = item;
        _byNamespace.GetOrAdd(name.Namespace, _ => new())[name] = item;
        Tell(new(before, item));
    }

    private void Remove(ObjectName name)
    {
        if (_objects.TryRemove(name, out var before))
        {
            _byNamespace.GetValueOrDefault(name.Namespace)?.TryRemove(name, out _);
            Tell(new(before, null));
        }
    }

    /// <summary>The resourceVersion of an object as a number; 0 for one that has none.</summary>
    public static long Version(JsonObject item) => long.TryParse((string?)item["metadata"]?["resourceVersion"], CultureInfo.InvariantCulture, out var version) ? version : 0;

    private void Reach(long version)
    {
        lock (_waiting)
        {
            _version = Math.Max(_version, version);
            while (_waiting.TryPeek(out _, out var wanted) && wanted <= _version)
            {
                _waiting.Dequeue().TrySetResult();
            }
        }
    }

    private void Tell(ObjectChange change)
    {
        foreach (var index in _indexes)
        {
            index.Change(change);
        }

        _changed?.Invoke(change);
    }
}
