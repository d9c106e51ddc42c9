namespace HomelabOps.Core.Backups;

/// <summary>A folder with data of an application.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Path">Absolute path on the node, without a slash at its end.</param>
internal sealed record BackupPlace(string Node, string Path)
{
    /// <summary>The folder that it is in; empty for the root.</summary>
    public string Parent => Path[..Path.LastIndexOf('/')];

    /// <summary>Its own name.</summary>
    public string Folder => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The path as an archive has it: relative to the node's root.</summary>
    public string Member => Path[1..];
}
