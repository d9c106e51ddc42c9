using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>Puts changed files into the tree of a commit. Blobs hold exactly the bytes of the change, but for what a filter has stored.</summary>
internal static class TreeEdit
{
    /// <summary>Writes blobs and trees.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="tip">The commit that is changed.</param>
    /// <param name="changes">What changes.</param>
    /// <param name="stored">What filters have stored, by path.</param>
    /// <exception cref="HomelabException">PathOutsideRepository.</exception>
    public static Tree Write(Repository repository, Commit tip, IReadOnlyList<FileChange> changes, IReadOnlyDictionary<string, ObjectId> stored)
    {
        var tree = TreeDefinition.From(tip);
        foreach (var change in changes)
        {
            Check(tip, change);
            if (change.After is null)
            {
                tree.Remove(change.Path);
                continue;
            }

            using var bytes = new MemoryStream(change.After);
            var blob = stored.TryGetValue(change.Path, out var id) ? repository.Lookup<Blob>(id) : repository.ObjectDatabase.CreateBlob(bytes);
            tree.Add(change.Path, blob, change.Mode ?? tip[change.Path]?.Mode ?? Mode.NonExecutableFile);
        }

        return repository.ObjectDatabase.CreateTree(tree);
    }

    private static void Check(Commit tip, FileChange change)
    {
        var parts = change.Path.Split('/');
        if (Array.Exists(parts, IsForbidden))
        {
            throw Errors.PathOutsideRepository(change.Path);
        }

        for (var length = 1; length <= parts.Length; length++)
        {
            // A tree of the same name would take the place of the link, and the file would not be where people look for it.
            var part = string.Join('/', parts.Take(length));
            if (tip[part] is { } entry && !(length == parts.Length ? IsFile(entry, change) : entry.Mode == Mode.Directory))
            {
                throw Errors.PathOutsideRepository(change.Path, part);
            }
        }
    }

    // A link itself is meant only where the kind is said, or where it goes.
    private static bool IsFile(TreeEntry entry, FileChange change) =>
        entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile or Mode.NonExecutableGroupWritableFile || (entry.Mode == Mode.SymbolicLink && (change.Mode is not null || change.After is null));

    // What leads out of the repository or into Git's own files on some system.
    private static bool IsForbidden(string part) =>
        part is "" or "." or ".."
        || part.AsSpan().IndexOfAny('\\', '\0', '\n') >= 0
        || (part.Contains(':', StringComparison.Ordinal) && OperatingSystem.IsWindows())
        || part.TrimEnd(' ', '.').Equals(".git", StringComparison.OrdinalIgnoreCase)
        || part.StartsWith("git~", StringComparison.OrdinalIgnoreCase);
}
