namespace HomelabOps.Core.Mounts;

/// <summary>Paths of nodes, which have slashes whatever system this is.</summary>
internal static class MountPaths
{
    /// <summary>The path without empty parts and without a slash at its end.</summary>
    /// <exception cref="HomelabException">NodePathInvalid: it is not absolute, or leads upwards.</exception>
    public static string Normalize(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path.StartsWith('/') && !parts.Any(part => part is "." or "..") && !path.AsSpan().ContainsAny('\n', '\0') ? "/" + string.Join('/', parts) : throw Errors.NodePathInvalid(path);
    }

    /// <summary>Whether a path is a folder or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || folder == "/" || (path.StartsWith(folder, StringComparison.Ordinal) && path.Length > folder.Length && path[folder.Length] == '/');
}
