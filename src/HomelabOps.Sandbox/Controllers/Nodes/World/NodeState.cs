using System.Collections.Concurrent;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>A node as it is now, with the switches that break it. Every change is told to those who simulate it. Safe for use by several threads.</summary>
internal sealed class NodeState
{
    private readonly Action<NodeState> _changed;
    private readonly ConcurrentDictionary<string, MountFault> _mounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _images = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (int Number, MountFault Former)[]> _remounts = new(StringComparer.Ordinal);
    private int _mountings;
    private int _boots = 1;
    private int _seenBoot;
    private int _kubeletStarts = 1;
    private bool _isPowered = true;
    private bool _kubeletRuns = true;
    private bool _isConnected = true;
    private bool _isWalledOff;
    private bool _hasDiskPressure;
    private bool _hasMemoryPressure;

    public NodeState(SimulatedNode node, Action<NodeState> changed)
    {
        Node = node;
        _changed = changed;
        Files = new NodeFiles(this);
    }

    public SimulatedNode Node { get; }

    public string Name => Node.Name;

    /// <summary>Its disks and mounts.</summary>
    public NodeFiles Files { get; }

    /// <summary>How often it was started; its containers do not outlive that.</summary>
    public int Boots => Volatile.Read(ref _boots);

    /// <summary>When it was started last, as far as its kubelet has told; null before.</summary>
    public DateTimeOffset? BootedAt { get; private set; }

    /// <summary>How often its kubelet was started; it registers its node once each time.</summary>
    public int KubeletStarts => Volatile.Read(ref _kubeletStarts);

    /// <summary>Whether it has power. Without it nothing on it runs, and nobody hears from it.</summary>
    public bool IsPowered
    {
        get => Volatile.Read(ref _isPowered);
        set
        {
            if (value && !IsPowered)
            {
                Interlocked.Increment(ref _boots);
                Interlocked.Increment(ref _kubeletStarts);
            }

            Set(ref _isPowered, value);
        }
    }

    /// <summary>Whether its kubelet runs. Without it containers go on, and nobody looks after them.</summary>
    public bool KubeletRuns
    {
        get => Volatile.Read(ref _kubeletRuns);
        set
        {
            if (value && !KubeletRuns)
            {
                Interlocked.Increment(ref _kubeletStarts);
            }

            Set(ref _kubeletRuns, value);
        }
    }

    /// <summary>Whether the network reaches it.</summary>
    public bool IsConnected
    {
        get => Volatile.Read(ref _isConnected);
        set => Set(ref _isConnected, value);
    }

    /// <summary>Whether a firewall lets nothing through between it and other nodes. What the agent of k3s keeps open to the API server stays.</summary>
    public bool IsWalledOff
    {
        get => Volatile.Read(ref _isWalledOff);
        set => Set(ref _isWalledOff, value);
    }

    /// <summary>Whether its disk is as good as full.</summary>
    public bool HasDiskPressure
    {
        get => Volatile.Read(ref _hasDiskPressure);
        set => Set(ref _hasDiskPressure, value);
    }

    /// <summary>Whether its memory is as good as used up.</summary>
    public bool HasMemoryPressure
    {
        get => Volatile.Read(ref _hasMemoryPressure);
        set => Set(ref _hasMemoryPressure, value);
    }

    /// <summary>Whether the API server and the kubelet hear from each other.</summary>
    public bool IsReporting => IsPowered && KubeletRuns && IsConnected;

    /// <summary>The images that it has pulled.</summary>
    public ICollection<string> Images => _images.Keys;

    /// <summary>How often something was mounted anew.</summary>
    public int Mountings => Volatile.Read(ref _mountings);

    /// <summary>What is wrong with a mount now.</summary>
    public MountFault Fault(string path) => _mounts.GetValueOrDefault(path);

    /// <summary>What is wrong with a mount for a container that began to run at this number of <see cref="Mountings"/>: it keeps what was mounted then.</summary>
    public MountFault Fault(string path, int since)
    {
        foreach (var (number, former) in _remounts.GetValueOrDefault(path) ?? [])
        {
            if (number > since)
            {
                return former;
            }
        }

        return Fault(path);
    }

    /// <summary>How often a place had been mounted anew by that number of <see cref="Mountings"/>: each is a device of its own.</summary>
    public int Generation(string path, int since) => (_remounts.GetValueOrDefault(path) ?? []).Count(mounting => mounting.Number <= since);

    /// <summary>
    /// Unmounts and mounts as it ought to be, as its owner does on the node. Containers that run keep what they have until they are started
    /// anew, but for a mount that hung: whoever can mount it has a server that answers again.
    /// </summary>
    public void Remount(string path)
    {
        if (Fault(path) is var former and not (MountFault.None or MountFault.Hung))
        {
            var number = Interlocked.Increment(ref _mountings);
            _remounts.AddOrUpdate(path, _ => [(number, former)], (_, known) => [.. known, (number, former)]);
        }

        SetMount(path, MountFault.None);
    }

    /// <summary>Breaks a mount or, with <see cref="MountFault.None"/>, lets its server mend it for all who use it.</summary>
    public void SetMount(string path, MountFault fault)
    {
        _mounts[path] = fault;
        _changed(this);
    }

    /// <summary>Told by its kubelet that it is up.</summary>
    public void SeenUp(DateTimeOffset now)
    {
        if (_seenBoot != Boots || BootedAt is null)
        {
            (_seenBoot, BootedAt) = (Boots, now);
        }
    }

    public bool HasImage(string reference) => _images.ContainsKey(reference);

    public void AddImage(string reference) => _images[reference] = true;

    public void RemoveImage(string reference) => _images.TryRemove(reference, out _);

    private void Set(ref bool field, bool value)
    {
        if (Volatile.Read(ref field) != value)
        {
            Volatile.Write(ref field, value);
            _changed(this);
        }
    }
}
