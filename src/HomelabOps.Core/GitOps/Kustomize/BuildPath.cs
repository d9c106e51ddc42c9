namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Arithmetic of the paths of a build.</summary>
internal static class BuildPath
{
    /// <summary>A path relative to a folder; null when it leaves the root.</summary>
    public static string? Combine(string folder, string relative)
    {
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    public static string Folder(string path) => path.LastIndexOf('/') is > 0 and var index ? path[..index] : "/";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A relative path of a relative folder, with .. kept where it leads out of where both began.</summary>
    public static string Relative(string folder, string relative)
    {
        var parts = new List<string>();
        foreach (var part in $"{folder}/{relative}".Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Whether the path is the folder or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        folder == "/" || path == folder || (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == '/');

    /// <summary>An address of something that is not on this machine, by the forms that kustomize takes for one.</summary>
    public static bool IsRemote(string path) =>
        path.Contains("://", StringComparison.Ordinal)
        || Array.Exists(["git::", "gh:", "git@", "github.com/", "github.com:"], prefix => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
