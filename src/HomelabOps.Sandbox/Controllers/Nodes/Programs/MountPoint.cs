using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>A file system at its place in a table of mounts.</summary>
/// <param name="Path">Where it is seen.</param>
/// <param name="Tree">What is seen there.</param>
/// <param name="Source">Device or export.</param>
/// <param name="Type">Such as <c>ext4</c> or <c>nfs4</c>.</param>
internal sealed record MountPoint(string Path, FileTree Tree, string Source, string Type)
{
    /// <summary>The folder of the tree that is seen.</summary>
    public string Root { get; init; } = "/";

    public bool IsReadOnly { get; init; }

    /// <summary>Options of the file system itself, without <c>rw</c> and <c>ro</c>.</summary>
    public string Options { get; init; } = "relatime";

    /// <summary>Major and minor number of the device.</summary>
    public string Device { get; init; } = "8:1";

    public MountFault Fault { get; init; }

    /// <summary>Whether a path is at this mount or below it.</summary>
    public bool Holds(string path) => Path == "/" || path == Path || (path.StartsWith(Path, StringComparison.Ordinal) && path.Length > Path.Length && path[Path.Length] == '/');

    /// <summary>The path within the tree.</summary>
    public string Within(string path)
    {
        var rest = Path == "/" ? path : path[Path.Length..];
        return (Root, rest) switch
        {
            ("/", "") => "/",
            ("/", _) => rest,
            (_, "" or "/") => Root,
            _ => Root + rest,
        };
    }
}
