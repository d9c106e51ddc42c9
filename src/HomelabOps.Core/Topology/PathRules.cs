using System.Text.RegularExpressions;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Topology;

/// <summary>Finds the folder of the applications' state and the mounts of the nodes by the paths that volumes use.</summary>
internal static partial class PathRules
{
    private const string Provisioned = "pv.kubernetes.io/provisioned-by";
    private static readonly string[] SystemPaths =
        ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/opt/cni", "/proc", "/root", "/run", "/sbin", "/sys", "/tmp", "/usr", "/var/lib", "/var/log", "/var/run"];

    private static readonly string[] MountFolders = ["/mnt", "/media", "/net", "/nfs"];

    public static void Apply(TopologyFacts facts, TopologyFindings findings)
    {
        findings.Config = findings.Config with { PodStoragePath = FindStorage(facts, findings) ?? findings.Written.PodStoragePath };
        var found = FindMounts(facts, findings);
        var written = findings.Written.Mounts;
        if (found.Count == 0)
        {
            findings.Config = findings.Config with { Mounts = [.. written.Select(mount => findings.Written.Path is null ? mount with { Nodes = Nodes(facts) } : mount)] };
            if (written.Count > 0 && findings.Written.Path is null)
            {
                findings.Warn("TopologyMountsKept", string.Join(", ", written));
            }

            return;
        }

        // The default stands for what nobody has looked at yet; what a person wrote stays.
        var kept = findings.Written.Path is null ? [] : written.Where(mount => !found.Exists(other => other.Path == mount.Path));
        findings.Config = findings.Config with { Mounts = [.. found.Concat(kept).OrderBy(mount => mount.Path, StringComparer.Ordinal)] };
    }

    /// <summary>Paths that agents of the node use, and files and sockets.</summary>
    public static bool IsOfSystem(HostPathWire path) => path.Path is not ['/', _, ..]
        || path.Type is "File" or "FileOrCreate" or "Socket" or "CharDevice" or "BlockDevice"
        || Array.Exists(SystemPaths, system => IsWithin(path.Path, system));

    public static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string? FindStorage(TopologyFacts facts, TopologyFindings findings)
    {
        var paired = facts.Pairs.SelectMany(pair => new[] { pair.Claim, pair.Backup }.Select(claim => facts.VolumeOf(pair.Namespace, claim))).OfType<TopologyObjectWire>().Select(LocalPath);
        var own = facts.Volumes.Where(volume => !IsShared(volume) && !ClaimRules.IsOfVolSync(volume.Spec?.ClaimRef?.Name ?? "")).Select(LocalPath);
        var paths = Distinct(paired) is { Length: > 0 } ofPairs ? ofPairs : Distinct(own) is { Length: > 0 } ofVolumes ? ofVolumes : OfApplications(facts);
        if (paths.Length == 0)
        {
            return null;
        }

        var parents = paths.Select(Parent).ToArray();
        var folder = paths.Length == 1 || parents.Distinct().Count() < parents.Length ? TopologyFindings.MostFrequent(parents) : Common(paths);
        if (folder is null or "/")
        {
            findings.Warn("TopologyPathUnknown", string.Join(", ", parents.Distinct().Order(StringComparer.Ordinal)), findings.Written.PodStoragePath);
            return null;
        }

        return folder;
    }

    // Without volumes of its own an application may still have a folder that is called like it.
    private static string[] OfApplications(TopologyFacts facts)
    {
        var paths = Distinct(facts.Workloads.Where(workload => !workload.IsOfNode).SelectMany(workload => HostPaths(workload).Where(path => workload.Names.Contains(path[(path.LastIndexOf('/') + 1)..]))));
        return [.. paths.GroupBy(Parent).Where(group => group.Count() > 1).SelectMany(group => group)];
    }

    private static List<HomelabConfigMount> FindMounts(TopologyFacts facts, TopologyFindings findings)
    {
        var exports = Exports(facts).ToArray();
        var storage = findings.Config.PodStoragePath;
        var taken = facts.Volumes.Where(volume => !IsShared(volume)).Select(LocalPath).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var users = facts.Workloads.Where(workload => !workload.IsOfNode).SelectMany(workload => HostPaths(workload).Select(path => (Path: path, workload.App)));
        var shared = facts.Volumes.Where(IsShared).Select(LocalPath).OfType<string>();
        var paths = users.GroupBy(use => Anchor(use.Path, findings), use => use.App)
            .Where(use => !taken.Contains(use.Key) && IsMount(use.Key, use.Distinct().Count(), exports, findings)).Select(use => use.Key)
            .Concat(shared.Select(path => Anchor(path, findings)))
            .Where(path => !IsWithin(path, storage) && !IsWithin(storage, path))
            .Distinct().ToArray();
        var mounts = paths.Where(path => !Array.Exists(paths, other => other != path && IsWithin(path, other))).Select(path => Mount(path, exports, facts, findings)).ToList();
        foreach (var export in exports.Where(export => !mounts.Exists(mount => mount.Source == export.Source)).DistinctBy(export => export.Source))
        {
            findings.Tell("TopologyNfsVolume", export.Source, export.User);
        }

        return mounts;
    }

    // A folder of a mount that is known already belongs to that mount.
    private static string Anchor(string path, TopologyFindings findings) =>
        findings.Written.Mounts.Select(mount => mount.Path).FirstOrDefault(mount => mount != "/" && IsWithin(path, mount)) ?? path;

    private static bool IsMount(string path, int users, Export[] exports, TopologyFindings findings) =>
        users > 1
        || findings.Written.Mounts.Any(mount => mount.Path == path)
        || Array.Exists(MountFolders, folder => path != folder && IsWithin(path, folder))
        || Array.Exists(exports, export => Name(export.Source) == Name(path));

    private static HomelabConfigMount Mount(string path, Export[] exports, TopologyFacts facts, TopologyFindings findings)
    {
        var written = findings.Written.Mounts.FirstOrDefault(mount => mount.Path == path);
        var matching = exports.Where(export => Name(export.Source) == Name(path)).ToArray();
        var source = matching.Select(export => export.Source).Distinct().ToArray() is [var only] ? only : null;
        var version = source is null ? null : TopologyFindings.MostFrequent(matching.Select(export => export.Version).OfType<string>());
        return written is not null && findings.Written.Path is not null
            ? written with { Source = written.Source ?? source, Version = written.Version ?? version }
            : new HomelabConfigMount { Path = path, Source = source, Version = version, Nodes = Nodes(facts) };
    }

    // A control plane that runs no applications rarely has their mounts.
    private static IReadOnlyList<string> Nodes(TopologyFacts facts) => NodeRules.Workers(facts) is var workers && workers.Count < facts.Nodes.Count ? workers : [];

    private static IEnumerable<Export> Exports(TopologyFacts facts) =>
        facts.Volumes.Where(volume => volume.Spec?.Nfs is not null).Select(volume => Export.Of(volume.Spec!.Nfs!, volume.Spec.MountOptions, $"PersistentVolume/{volume.Metadata.Name}"))
            .Concat(facts.Workloads.SelectMany(workload => (workload.Spec.Volumes ?? []).Where(volume => volume.Nfs is not null)
                .Select(volume => Export.Of(volume.Nfs!, null, $"{workload.Namespace}/{workload.App}"))))
            .OfType<Export>();

    private static IEnumerable<string> HostPaths(WorkloadFact workload) => (workload.Spec.Volumes ?? [])
        .Select(volume => volume.HostPath).OfType<HostPathWire>().Where(path => !IsOfSystem(path)).Select(path => path.Path!.TrimEnd('/'));

    // What a provisioner made lies where the provisioner likes.
    private static string? LocalPath(TopologyObjectWire volume) =>
        volume.Metadata.Annotations?.ContainsKey(Provisioned) != true && (volume.Spec?.HostPath ?? volume.Spec?.Local) is { Path: ['/', _, ..] path } && !path.Contains('$', StringComparison.Ordinal)
            ? path.TrimEnd('/')
            : null;

    private static bool IsShared(TopologyObjectWire volume) => volume.Spec?.AccessModes?.Exists(mode => mode is "ReadWriteMany" or "ReadOnlyMany") == true;

    private static string[] Distinct(IEnumerable<string?> paths) => [.. paths.OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var index ? path[..index] : "/";

    private static string Name(string path) => path[(path.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');

    private static string Common(string[] paths)
    {
        var folder = Parent(paths[0]);
        while (folder != "/" && !Array.TrueForAll(paths, path => IsWithin(path, folder)))
        {
            folder = Parent(folder);
        }

        return folder;
    }

    /// <summary>An NFS export that some volume names.</summary>
    private sealed record Export(string Source, string? Version, string User)
    {
        public static Export? Of(NfsWire nfs, List<string>? options, string user) =>
            nfs is { Server.Length: > 0, Path.Length: > 0 } && !$"{nfs.Server}{nfs.Path}".Contains('$', StringComparison.Ordinal)
                ? new Export($"{nfs.Server}:{nfs.Path}", (options ?? []).Select(option => VersionOption().Match(option)).FirstOrDefault(match => match.Success)?.Groups["version"].Value, user)
                : null;
    }

    [GeneratedRegex(@"^(?:nfs)?vers=(?<version>[0-9](?:\.[0-9])?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionOption();
}
