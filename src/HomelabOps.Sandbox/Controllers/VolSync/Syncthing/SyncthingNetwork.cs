using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>
/// All devices with their files, connections and transfers. It goes on by the homelab's clock: from one event to the next, in
/// their order, also when the clock jumps. Safe for use by several threads: whoever looks at a device does so within
/// <see cref="Read"/>.
/// </summary>
internal sealed partial class SyncthingNetwork : IDisposable
{
    // As long as VolSync's settings let the file watcher wait.
    private static readonly TimeSpan WatcherDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    // What an application wrote before that, nobody will ever ask for.
    private static readonly TimeSpan LongestBacklog = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectName, SyncthingDevice> _devices = [];
    private readonly Dictionary<string, SyncthingDevice> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _severed = [];
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Number)> _due = new();
    private readonly HashSet<ObjectName> _changed = [];
    private readonly TimeProvider _clock;
    private readonly int _seed;
    private readonly ITimer _timer;
    private DateTimeOffset _now;
    private DateTimeOffset _until;
    private long _number;
    private bool _isDisposed;
    private Action<ObjectName>? _told;

    public SyncthingNetwork(TimeProvider clock, int seed)
    {
        (_clock, _seed, _now) = (clock, seed, clock.GetUtcNow());
        _timer = clock.CreateTimer(_ => Run(() => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Bytes a second that one device sends to another.</summary>
    public long Bandwidth { get; set; } = 100_000_000;

    /// <summary>How often an application changes something, on average.</summary>
    public TimeSpan ChangeInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a node has power and network.</summary>
    public Func<string, bool> IsNodeUp { get; set; } = _ => true;

    /// <summary>Whether two nodes reach each other.</summary>
    public Func<string, string, bool> AreLinked { get; set; } = (_, _) => true;

    /// <summary>The files of volumes; null where nobody simulates the nodes.</summary>
    public IVolumeFiles? Volumes { get; set; }

    /// <summary>The ID that a device has already; null for one of its own.</summary>
    public Func<ObjectName, string?> KnownId { get; set; } = _ => null;

    /// <summary>The ID of the device of a ReplicationSource, whether it runs or not.</summary>
    public string IdOf(ObjectName source) => KnownId(source) ?? SyncthingIdentity.Of(_seed, source.Namespace, source.Name);

    /// <summary>Called when a device has gained or lost a connection.</summary>
    public void OnChange(Action<ObjectName> handler) => _told += handler;

    /// <summary>Looks at a device as it is now; null where there is none.</summary>
    public T? Read<T>(ObjectName source, Func<SyncthingDevice, DateTimeOffset, T> read)
    {
        T? result = default;
        Run(() => result = _devices.TryGetValue(source, out var device) ? read(device, _now) : default);
        return result;
    }

    /// <summary>Says what the cluster says of a device; the first time makes it.</summary>
    public void Place(ObjectName source, string claim, SyncthingPlace place) => Run(() =>
    {
        if (!_devices.TryGetValue(source, out var device))
        {
            device = new(source, IdOf(source), claim);
            _devices[source] = device;
            _byId[device.Id] = device;
        }

        if (place.Pod is not null && place.Pod != device.Place.Pod)
        {
            (device.Started, device.LastScan) = (_now, _now);
            device.Events.Add(_now, "StartupComplete", new() { ["myID"] = device.Id });
        }

        var peers = device.Peers;
        device.Place = place;
        if (place.Pod is not null)
        {
            device.Configure(place.Peers);
        }

        Connect(device, peers);
        Write(device);
    });

    /// <summary>The ReplicationSource is gone; its files stay on the volume.</summary>
    public void Remove(ObjectName source) => Run(() =>
    {
        if (_devices.TryGetValue(source, out var device))
        {
            var peers = device.Peers;
            device.Place = SyncthingPlace.None;
            device.Configure([]);
            Connect(device, peers);
        }
    });

    /// <summary>Nodes have gained or lost power or network.</summary>
    public void NodesChanged() => Run(() =>
    {
        foreach (var device in _devices.Values)
        {
            Connect(device, device.Peers);
        }
    });

    /// <summary>Changes a device by hand, and does what follows from it. False where there is none.</summary>
    public bool Change(ObjectName source, Action<SyncthingDevice, DateTimeOffset> change)
    {
        var found = false;
        Run(() =>
        {
            if (_devices.TryGetValue(source, out var device))
            {
                found = true;
                change(device, _now);
                Connect(device, device.Peers);
                Pull(device);
            }
        });
        return found;
    }

    /// <summary>Cuts a device off from its peers, or lets them meet again.</summary>
    public void Sever(ObjectName source, bool isSevered) => Change(source, (device, _) =>
    {
        foreach (var peer in device.Peers)
        {
            var pair = Pair(device.Id, peer.Id);
            if (isSevered)
            {
                _severed.Add(pair);
            }
            else
            {
                _severed.Remove(pair);
            }
        }
    });

    /// <summary>Writes to the volume of a device as an application does; a size of zero deletes. It is noticed ten seconds later, or with a scan.</summary>
    public void Write(ObjectName source, string path, long size, long content) => Run(() =>
    {
        if (_devices.TryGetValue(source, out var device))
        {
            Write(device, path, size, content);
        }
    });

    /// <summary>Drops the index of a device whose folder is paused, and starts its program anew.</summary>
    /// <returns>False where the folder is not paused.</returns>
    public bool Drop(ObjectName source)
    {
        var isPaused = false;
        Run(() =>
        {
            if (_devices.TryGetValue(source, out var device) && device is { IsRunning: true, IsPaused: true })
            {
                (isPaused, device.IsDropped) = (true, true);
                Restart(device);
            }
        });
        return isPaused;
    }

    /// <summary>Pauses the folder of a device, or lets it go on.</summary>
    public void SetPaused(ObjectName source, bool isPaused) => Change(source, (device, now) =>
    {
        if (device.IsPaused == isPaused)
        {
            return;
        }

        device.IsPaused = isPaused;
        device.Events.Add(now, isPaused ? "FolderPaused" : "FolderResumed", new() { ["id"] = SyncthingDevice.Folder, ["label"] = "" });
        device.SetState(isPaused ? "" : "idle", now);
        if (isPaused)
        {
            device.Pull = null;
        }
        else
        {
            TakeIn(device);
            Scan(device);
        }
    });

    /// <summary>Looks for changes at once.</summary>
    public bool Scan(ObjectName source)
    {
        var found = false;
        Run(() =>
        {
            if (_devices.TryGetValue(source, out var device))
            {
                found = true;
                Scan(device);
            }
        });
        return found;
    }

    /// <summary>The peers of a device that there are, connected or not.</summary>
    public IReadOnlyList<ObjectName> Partners(ObjectName source)
    {
        IReadOnlyList<ObjectName> partners = [];
        Run(() => partners = _devices.TryGetValue(source, out var device) ? [.. device.Peers.Where(peer => _byId.ContainsKey(peer.Id)).Select(peer => _byId[peer.Id].Source)] : []);
        return partners;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        _timer.Dispose();
    }

    private void Run(Action action)
    {
        ObjectName[] changed;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _until = _clock.GetUtcNow();
            Catch();
            action();
            Catch();
            _timer.Change(_due.TryPeek(out _, out var next) ? Later(next.Due - _until) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            changed = [.. _changed];
            _changed.Clear();
        }

        foreach (var source in changed)
        {
            _told?.Invoke(source);
        }
    }

    private void Catch()
    {
        while (_due.TryPeek(out var action, out var next) && next.Due <= _until)
        {
            _due.Dequeue();
            _now = next.Due > _now ? next.Due : _now;
            action();
        }

        _now = _until > _now ? _until : _now;
    }

    private static TimeSpan Later(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);

    private void At(DateTimeOffset due, Action action) => _due.Enqueue(action, (due, _number++));
}
