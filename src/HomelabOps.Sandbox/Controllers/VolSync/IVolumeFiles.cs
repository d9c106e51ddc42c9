using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The files of volumes, which lie on nodes. Whoever simulates those has them.</summary>
internal interface IVolumeFiles
{
    /// <summary>The files and folders in a folder of a node, with their paths below it.</summary>
    IReadOnlyList<(string Path, FileEntry Entry)> Read(string node, string folder);

    /// <summary>Writes files and folders into a folder of a node. What else is there stays, unless it is to be the same then.</summary>
    void Write(string node, string folder, IReadOnlyList<(string Path, FileEntry Entry)> files, bool deletes);
}
