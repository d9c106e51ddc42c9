using System.Collections.Concurrent;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>
/// What VolSync's movers find in the homelab: data, peers, repositories. Its switches break a part of it and mend it again; the
/// symptoms come and go by themselves. Safe for use by several threads.
/// </summary>
internal sealed class ReplicationWorld : IDisposable
{
    private readonly ConcurrentDictionary<ObjectName, MoverFault> _moverFaults = new();
    private readonly ConcurrentDictionary<ObjectName, bool> _missed = new();
    private readonly ConcurrentDictionary<ObjectName, bool> _served = new();
    private Action<ObjectName>? _changed;

    public ReplicationWorld(TimeProvider clock, int seed)
    {
        Syncthing = new(clock, seed);
        Seed = seed;
        Rsync = new(clock);
        Syncthing.OnChange(source => _changed?.Invoke(source));
    }

    public int Seed { get; }

    /// <summary>The devices of all Syncthing movers.</summary>
    public SyncthingNetwork Syncthing { get; }

    /// <summary>Where sources and destinations of rsync find each other.</summary>
    public RsyncMeetings Rsync { get; }

    /// <summary>The repositories of restic.</summary>
    public ResticRepositories Restic { get; } = new();

    /// <summary>The files of volumes; null where nobody simulates the nodes, and movers move nothing.</summary>
    public IVolumeFiles? Volumes
    {
        get => Syncthing.Volumes;
        set => Syncthing.Volumes = value;
    }

    /// <summary>How long the Job of a mover takes.</summary>
    public TimeSpan MoverDuration { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Called with the object for which something has changed.</summary>
    public void OnChange(Action<ObjectName> handler) => _changed += handler;

    /// <summary>Lets nothing arrive at a device any more, though it is connected.</summary>
    public void StopSync(ObjectName source, bool isOn) => SetFault(source, isOn ? SyncFault.Stuck : SyncFault.None);

    /// <summary>Takes from a device the right to write, or the room.</summary>
    public void RefuseWrites(ObjectName source, bool isOn, bool isFull = false) => SetFault(source, !isOn ? SyncFault.None : isFull ? SyncFault.DiskFull : SyncFault.PermissionDenied);

    /// <summary>Takes a device off the network.</summary>
    public void CutOff(ObjectName source, bool isOn) => Syncthing.Change(source, (device, _) => device.IsGone = isOn);

    /// <summary>Separates a device from its peers while the volumes of all of them are written to. Switched off, they meet and merge.</summary>
    public void Diverge(ObjectName source, bool isOn)
    {
        Syncthing.Sever(source, isOn);
        if (!isOn)
        {
            return;
        }

        foreach (var (side, number) in Sides(source))
        {
            var name = number == 0 ? "a" : $"b{number}";
            for (var file = 0; file < 3; file++)
            {
                Syncthing.Write(side, $"diverged/{name}-{file}.dat", 64 * 1024, AppFiles.Hash(Seed, side.ToString(), file));
            }

            Syncthing.Scan(side);
        }
    }

    /// <summary>
    /// Makes both sides change the same files apart from each other, so that conflict copies appear when they meet. Switched off,
    /// somebody has cleaned up.
    /// </summary>
    /// <returns>Whether there is such a file: a volume that was never replicated has none.</returns>
    public bool Conflict(ObjectName source, bool isOn, int files = 2)
    {
        if (!isOn)
        {
            foreach (var path in Syncthing.Read(source, (device, _) => device.Global().Values.Where(item => item.IsConflict && !item.IsDeleted).Select(item => item.Path).ToArray()) ?? [])
            {
                Syncthing.Write(source, path, 0, 0);
            }

            Syncthing.Scan(source);
            return true;
        }

        var theirs = Syncthing.Partners(source).SelectMany(FilesOf).ToHashSet(StringComparer.Ordinal);
        var shared = Syncthing.Read(source, (device, _) => Files(device).Where(item => theirs.Contains(item.Path)).Take(files).Select(item => (item.Path, item.Size)).ToArray()) ?? [];
        if (shared.Length == 0)
        {
            return false;
        }

        Syncthing.Sever(source, isSevered: true);
        foreach (var (side, number) in Sides(source))
        {
            foreach (var (path, size) in shared)
            {
                Syncthing.Write(side, path, size + 1024, AppFiles.Hash(Seed, $"conflict/{side}/{path}", number));
            }

            Syncthing.Scan(side);
        }

        Syncthing.Sever(source, isSevered: false);
        return true;
    }

    /// <summary>Lets the Jobs of a mover fail, or run well again.</summary>
    public void FailMover(ObjectName source, MoverFault fault)
    {
        _moverFaults[source] = fault;
        _changed?.Invoke(source);
    }

    /// <summary>What is wrong with the Jobs of a mover.</summary>
    public MoverFault FaultOf(ObjectName source) => _moverFaults.GetValueOrDefault(source);

    /// <summary>Whether a replication is behind its schedule, as VolSync's metrics say it.</summary>
    public bool IsBehind(ObjectName source) => _missed.GetValueOrDefault(source);

    /// <summary>Whether a Service of this name is asked for the first time.</summary>
    public bool IsFirst(ObjectName service) => _served.TryAdd(service, true);

    public void SetMissed(ObjectName source, bool hasMissed) => _missed[source] = hasMissed;

    public void Dispose() => Syncthing.Dispose();

    private static IEnumerable<SyncItem> Files(SyncthingDevice device) => device.Index.Items.Where(item => !item.IsDirectory && !item.IsDeleted && !item.IsConflict);

    private string[] FilesOf(ObjectName source) => Syncthing.Read(source, (device, _) => Files(device).Select(item => item.Path).ToArray()) ?? [];

    private IEnumerable<(ObjectName Side, int Number)> Sides(ObjectName source) => Syncthing.Partners(source).Prepend(source).Select((side, number) => (side, number));

    private void SetFault(ObjectName source, SyncFault fault) => Syncthing.Change(source, (device, _) => device.Fault = fault);
}
