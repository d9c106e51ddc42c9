namespace HomelabOps.Core.Mounts;

/// <summary>A volume of a pod that is a folder of its node, or an export that its kubelet mounts.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Node">The node that it runs on.</param>
/// <param name="Folder">The folder of the node; null for an export.</param>
/// <param name="Export">The export as <c>server:/path</c>; null for a folder.</param>
internal sealed record MountUse(ResourceReference Pod, string Node, string? Folder, string? Export)
{
    /// <summary>Where containers see it: the runtime's number of the container, the path in it, and the part of the folder that is seen.</summary>
    public IReadOnlyList<(string Container, string Path, string Part)> Places { get; init; } = [];

    /// <summary>Whether the pod sees what is at a path of the node: a part of it, it, or a folder that it lies in.</summary>
    public bool Sees(string path) => Folder is { } folder && folder != "/" && (MountPaths.IsWithin(folder, path) || MountPaths.IsWithin(path, folder));

    /// <summary>Whether a container of the pod still sees what was mounted before what the node sees now.</summary>
    /// <param name="path">Where the node has a mount.</param>
    /// <param name="report">What the node and its containers see.</param>
    public bool HoldsFormer(string path, MountReport report)
    {
        foreach (var (container, at, part) in Places)
        {
            var folder = part.Length == 0 ? Folder! : $"{Folder}/{part}";
            var deeper = MountPaths.IsWithin(folder, path) ? folder : MountPaths.IsWithin(path, folder) ? path : null;
            if (deeper is null || !report.Containers.TryGetValue(container, out var seen))
            {
                continue;
            }

            var there = (at == "/" ? "" : at) + deeper[folder.Length..];
            if (report.Mounts.Of(deeper) is { } now && seen.Of(there) is { } held && held.Device != now.Device)
            {
                return true;
            }
        }

        return false;
    }
}
