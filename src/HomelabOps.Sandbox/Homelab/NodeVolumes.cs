using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.VolSync;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The files of volumes on the disks of the simulated nodes.</summary>
internal sealed class NodeVolumes(NodeWorld nodes) : IVolumeFiles
{
    public IReadOnlyList<(string Path, FileEntry Entry)> Read(string node, string folder) => nodes.Find(node)?.Files.Disk.Below(MountTable.Normalize(folder)) ?? [];

    public void Write(string node, string folder, IReadOnlyList<(string Path, FileEntry Entry)> files, bool deletes)
    {
        if (nodes.Find(node)?.Files.Disk is not { } disk)
        {
            return;
        }

        var root = MountTable.Normalize(folder);
        var kept = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, _) in deletes ? disk.Below(root).Where(file => file.Path.Length > 0 && !kept.Contains(file.Path)) : [])
        {
            disk.Remove(root + path);
        }

        foreach (var (path, entry) in files)
        {
            disk.Set(root + path, entry);
        }
    }
}
