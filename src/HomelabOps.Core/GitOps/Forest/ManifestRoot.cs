using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>The repository around a path, and what of it was meant.</summary>
/// <param name="Folder">The repository's folder.</param>
/// <param name="Files">The repository.</param>
/// <param name="Within">The folder or file that findings are wanted of, as a path of the repository without / in front; empty for all.</param>
internal sealed record ManifestRoot(string Folder, DiskFiles Files, string Within)
{
    /// <summary>Finds the repository.</summary>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public static ManifestRoot Find(string path, CancellationToken cancellation)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var folder = Directory.Exists(full) ? full : File.Exists(full) ? Path.GetDirectoryName(full)! : throw Errors.PathNotFound(path);
        var root = WorkingCopy.RootOf(folder);
        if (root is null || root == full || (folder == full && IsRepository(full, cancellation)))
        {
            return new(folder, new DiskFiles(folder), folder == full ? "" : Path.GetFileName(full));
        }

        var files = new DiskFiles(root);
        return new(root, files, files.PathOf(full)?.TrimStart('/') ?? "");
    }

    /// <summary>A finding belongs to what was meant.</summary>
    public bool Contains(string? file) => Within.Length == 0 || (file is not null && BuildPath.IsWithin("/" + file, "/" + Within));

    // Flux' paths lead somewhere when they count from here: a repository that lies within another one, such as a sample.
    private static bool IsRepository(string folder, CancellationToken cancellation) =>
        RepositoryIndex.Read(new DiskFiles(folder), cancellation).FluxKustomizations.Any(flux => flux.Folder is { Length: > 1 });
}
