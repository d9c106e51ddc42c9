namespace HomelabOps.Core.Mounts;

/// <summary>Says how a mount is, from what the node reported and what homelab.yaml wants.</summary>
internal static class MountJudge
{
    // What a container of the hypervisor sees when its host had not mounted the export at its start.
    private static readonly string[] LocalDisks = ["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "overlay"];

    /// <summary>The state of one mount with what to say of it, without the pods.</summary>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="wanted">What should be mounted, and where.</param>
    /// <param name="mounts">The mounts of the node.</param>
    /// <param name="place">How the place answered.</param>
    public static NfsMountStatus Judge(string cluster, string node, HomelabConfigMount wanted, MountTable mounts, PlaceReport place)
    {
        var mount = mounts.At(wanted.Path);
        var (state, message) = State(wanted, mounts, mount, place);
        return new()
        {
            Cluster = cluster,
            Kind = "Node",
            Name = node,
            Path = wanted.Path,
            State = state,
            Message = message,
            Source = mount?.Source ?? "",
            FileSystem = mount?.FileSystem ?? "",
            Version = mount?.Version ?? "",
            Options = mount?.Options ?? [],
            Latency = mount is null ? null : place.Latency,
            Entries = mount is null ? null : place.Entries,
            CheckedAt = DateTime.Now,
        };
    }

    /// <summary>A node that could not be looked at.</summary>
    public static NfsMountStatus Unreachable(string cluster, string node, string path, string why) => new()
    {
        Cluster = cluster,
        Kind = "Node",
        Name = node,
        Path = path,
        State = NfsMountState.Unreachable,
        Message = why,
        CheckedAt = DateTime.Now,
    };

    /// <summary>The pods that a mount concerns: while it is not well all that see it, else those that hold a former one.</summary>
    public static NfsMountStatus WithPods(NfsMountStatus status, MountReport report, IEnumerable<MountUse> uses)
    {
        var isServer = status.State is NfsMountState.Hung or NfsMountState.Stale;
        var affected = uses
            .Where(use => use.Sees(status.Path)
                ? !status.Healthy || use.HoldsFormer(status.Path, report)
                : isServer && use.Export is { } export && status.Source.Length > 0 && MountSource.Matches(export, status.Source))
            .Select(use => use.Pod).Distinct().OrderBy(pod => pod.ToString(), StringComparer.Ordinal).ToList();
        return status with { AffectedPods = affected, Message = status.Healthy && affected.Count > 0 ? Errors.Text("MountHeld", affected.Count) : status.Message };
    }

    /// <summary>The options that a mount ought to have and has not.</summary>
    public static IReadOnlyList<string> Lacking(HomelabConfigMount wanted, MountEntry mount) => [.. wanted.Options.Where(option => !Has(mount, option))];

    /// <summary>A mount is of a version, or of a minor one of it.</summary>
    public static bool IsVersion(MountEntry mount, string version) => mount.Version == version || mount.Version.StartsWith(version + ".", StringComparison.Ordinal);

    private static (NfsMountState State, string Message) State(HomelabConfigMount wanted, MountTable mounts, MountEntry? mount, PlaceReport place)
    {
        if (place.IsHung)
        {
            return (NfsMountState.Hung, Errors.Text("MountHung", mount?.Source ?? mounts.Of(wanted.Path)?.Source));
        }

        if (place.IsStale)
        {
            return (NfsMountState.Stale, Errors.Text("MountStale", mount?.Source ?? mounts.Of(wanted.Path)?.Source));
        }

        if (mount is null)
        {
            var hider = mounts.Entries.Any(entry => entry.Path == wanted.Path) ? mounts.Of(wanted.Path) : null;
            return (NfsMountState.Missing, hider is not null ? Errors.Text("MountMissing_Hidden", hider.Path, hider.Source)
                : place.IsAbsent ? Errors.Text("MountMissing_Absent", wanted.Path)
                : Errors.Text("MountMissing", wanted.Path));
        }

        if (mount.Root != "/" && LocalDisks.Contains(mount.FileSystem))
        {
            return (NfsMountState.Missing, Errors.Text("MountMissing_Bind", mount.Root, mount.Source));
        }

        if (wanted.Source is { } source && !MountSource.Matches(source, mount))
        {
            return (NfsMountState.WrongSource, Errors.Text("MountWrongSource", mount.Source, source));
        }

        if (wanted.Version is { } version && !IsVersion(mount, version))
        {
            return (NfsMountState.WrongVersion, Errors.Text("MountWrongVersion", mount.Version.Length > 0 ? mount.Version : mount.FileSystem, version));
        }

        if (Lacking(wanted, mount) is { Count: > 0 } lacking)
        {
            return (NfsMountState.WrongVersion, Errors.Text("MountWrongVersion_Options", string.Join(",", lacking)));
        }

        return place switch
        {
            _ when mount.IsReadOnly && !wanted.Options.Contains("ro") => (NfsMountState.ReadOnly, Errors.Text("MountReadOnly")),
            { Code: not 0 } => (NfsMountState.Stale, Errors.Text("MountStale_Said", place.Said)),
            { Entries: 0 } => (NfsMountState.Empty, Errors.Text("MountEmpty")),
            _ => (NfsMountState.Mounted, ""),
        };
    }

    // The kernel writes some options otherwise than people do, and others not at all: those of mount itself, and what is so unless told otherwise.
    private static bool Has(MountEntry mount, string option) => mount.Options.Contains(option) || option.Split('=', 2) switch
    {
        ["vers" or "nfsvers", var version] => IsVersion(mount, version),
        ["proto", "tcp" or "udp"] => mount.Options.Contains($"{option}6"),
        ["tcp" or "udp"] => mount.Options.Contains($"proto={option}") || mount.Options.Contains($"proto={option}6"),
        ["retry" or "comment", _] or ["rw" or "defaults" or "_netdev" or "nofail" or "auto" or "noauto" or "user" or "users" or "nouser" or "owner" or "group" or "bg" or "fg" or "intr" or "nointr"] => true,
        ["async"] => !mount.Options.Contains("sync"),
        ["dev" or "exec" or "suid" or "atime" or "diratime" or "ac" or "acl" or "cto" or "lock" or "rdirplus" or "sharecache" or "resvport"] => !mount.Options.Contains($"no{option}"),
        _ => option.StartsWith("x-", StringComparison.Ordinal),
    };
}
