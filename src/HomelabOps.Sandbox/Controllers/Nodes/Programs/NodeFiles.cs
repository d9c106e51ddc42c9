using System.Globalization;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>The disks of a node and what it mounts. The table is made anew for each process, as faults come and go.</summary>
internal sealed class NodeFiles
{
    private static readonly string[] Shows = ["Some Show/Season 01/S01E01.mkv", "Some Show/Season 01/S01E02.mkv", "Another Show/Season 02/S02E01.mkv"];
    private readonly NodeState _state;
    private readonly FileTree _disk;
    private readonly FileTree _kernel = new(0, 0);
    private readonly Dictionary<string, FileTree> _remote = new(StringComparer.Ordinal);

    public NodeFiles(NodeState state)
    {
        _state = state;
        var node = state.Node;
        _disk = new FileTree(node.Disk, node.Disk / 5);
        foreach (var folder in (ReadOnlySpan<string>)["/bin", "/data/pods", "/etc", "/proc", "/root", "/run", "/sys", "/tmp", "/usr/bin", "/var/lib/kubelet/pods", "/var/log/pods"])
        {
            _disk.Set(folder, FileEntry.Folder);
        }

        _disk.Set("/etc/hostname", FileEntry.Text(node.Name + "\n"));
        _disk.Set("/etc/os-release", FileEntry.Text($"PRETTY_NAME=\"{node.OperatingSystemImage}\"\nID={node.OperatingSystemImage.Split(' ')[0].ToLowerInvariant()}\n"));
        foreach (var folder in node.Folders)
        {
            AddFolder(folder);
        }

        foreach (var mount in node.Mounts)
        {
            _disk.Set(mount.Path, FileEntry.Folder);
            _remote[mount.Path] = Media();
        }
    }

    /// <summary>The disk itself, without what is mounted over it.</summary>
    public FileTree Disk => _disk;

    /// <summary>Adds a folder on the disk; one of an application under <c>/data/pods</c> has its files.</summary>
    public void AddFolder(string path)
    {
        path = MountTable.Normalize(path);
        _disk.Set(path, FileEntry.Folder);
        if (path.Split('/') is ["", "data", "pods", var app])
        {
            // Sizes differ by application and are the same on each run.
            var weight = 1 + (Convert.ToInt64(ImageReference.Hash(app)[..6], 16) % 64);
            _disk.Set($"{path}/config.xml", FileEntry.Text($"<Config>\n  <InstanceName>{app}</InstanceName>\n</Config>\n"));
            _disk.Set($"{path}/{app}.db", new(false, weight << 20, EmptyDatabase.Content));
            _disk.Set($"{path}/{app}.db-wal", new(false, weight << 12));
            _disk.Set($"{path}/logs/{app}.txt", new(false, weight << 14));
        }
    }

    /// <summary>What a process of the node sees now.</summary>
    /// <param name="since">For a process of a container: the number of <see cref="NodeState.Mountings"/> when that began to run.</param>
    public MountTable Table(int since = int.MaxValue)
    {
        var mounts = new List<MountPoint>
        {
            new("/", _disk, "/dev/mapper/pve-root", "ext4") { Device = "252:1", Options = "errors=remount-ro" },
            new("/proc", _kernel, "proc", "proc") { Device = "0:22" },
            new("/sys", _kernel, "sysfs", "sysfs") { Device = "0:23" },
            new("/run", _kernel, "tmpfs", "tmpfs") { Device = "0:25", Options = "size=1638400k,mode=755" },
        };
        foreach (var mount in _state.Node.Mounts)
        {
            if (_state.Fault(mount.Path, since) is var fault and not MountFault.Missing)
            {
                mounts.Add(Remote(mount, fault, mounts.Count + (100 * _state.Generation(mount.Path, since))));
            }
        }

        var table = new MountTable(mounts);
        var info = table.ToMountInfo;
        table.Kernel["/proc/1/mountinfo"] = info;
        table.Kernel["/proc/self/mountinfo"] = info;
        table.Kernel["/proc/mounts"] = () => string.Concat(mounts.Select(mount => $"{mount.Source} {mount.Path} {mount.Type} {(mount.IsReadOnly ? "ro" : "rw")},{mount.Options} 0 0\n"));
        return table;
    }

    private MountPoint Remote(NodeMount mount, MountFault fault, int number)
    {
        var version = fault != MountFault.WrongVersion ? mount.Version : mount.Version.StartsWith('3') ? "4.2" : "3";
        var source = fault == MountFault.WrongSource ? mount.Source + "-old" : mount.Source;
        var server = source.Split(':')[0];
        var options = version.StartsWith('3')
            ? $"vers=3,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,mountaddr={server},mountvers=3,mountport=635,mountproto=udp,local_lock=none,addr={server}"
            : $"vers={version},rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr={_state.Node.Address},local_lock=none,addr={server}";
        return new(mount.Path, fault is MountFault.Empty or MountFault.WrongSource ? new FileTree(8L << 40, 1L << 40) : _remote[mount.Path], source, version.StartsWith('3') ? "nfs" : "nfs4")
        {
            IsReadOnly = fault == MountFault.ReadOnly,
            Options = options,
            Device = string.Create(CultureInfo.InvariantCulture, $"0:{40 + number}"),
            Fault = fault,
        };
    }

    private static FileTree Media()
    {
        var tree = new FileTree(16L << 40, 9L << 40);
        foreach (var show in Shows)
        {
            tree.Set($"/tv/{show}", new(false, 1_400_000_000));
        }

        tree.Set("/movies/Some Film (2019)/Some Film (2019).mkv", new(false, 8_200_000_000));
        tree.Set("/music/Some Band/Some Album/01 First.flac", new(false, 31_000_000));
        tree.Set("/downloads/complete", FileEntry.Folder);
        return tree;
    }
}
