using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>The files of one commit, read from the object database of a repository; nothing is checked out.</summary>
/// <param name="repository">The repository; whoever reads holds it open.</param>
/// <param name="tree">The root of the commit.</param>
/// <param name="name">What people call the repository.</param>
internal sealed class GitTreeFiles(Repository repository, Tree tree, string name = "") : IBuildFiles
{
    // More links than this in a path are a circle.
    private const int MostLinks = 40;

    // An index is read by several threads, and nothing promises that a repository can be.
    private readonly Lock _gate = new();

    // A commit never changes, and libgit2 goes through each folder anew for each path.
    private readonly Dictionary<string, TreeEntry?> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _resolved = new(StringComparer.Ordinal);

    /// <summary>What stands for all of their content.</summary>
    public ObjectId Id => tree.Id;

    public string? Resolve(string path)
    {
        lock (_gate)
        {
            if (!_resolved.TryGetValue(path, out var resolved))
            {
                _resolved[path] = resolved = Resolve(path, MostLinks);
            }

            return resolved;
        }
    }

    public bool IsFolder(string path)
    {
        lock (_gate)
        {
            return path == "/" || Entry(path)?.TargetType == TreeEntryTargetType.Tree;
        }
    }

    public byte[] Read(string path)
    {
        lock (_gate)
        {
            using var content = ((Blob)Entry(path)!.Target).GetContentStream();
            using var buffer = new MemoryStream();
            content.CopyTo(buffer);
            return buffer.ToArray();
        }
    }

    /// <summary>What is under a path that was not resolved, a link itself included; null for a folder and for nothing.</summary>
    public GitFile? At(string path)
    {
        lock (_gate)
        {
            return GitFile.Of(Entry(path));
        }
    }

    public string? Stamp(string path)
    {
        lock (_gate)
        {
            return Entry(path)?.Target.Sha;
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_gate)
        {
            var entries = Folder(folder)!.ToList();
            foreach (var entry in entries)
            {
                _entries[folder == "/" ? "/" + entry.Name : $"{folder}/{entry.Name}"] = entry;
            }

            return [.. entries.Select(entry => entry.Name).Order(StringComparer.Ordinal)];
        }
    }

    public string Display(string path) => path == "/" ? name : path.TrimStart('/');

    private string? Resolve(string path, int links)
    {
        var resolved = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = resolved == "/" ? "/" + part : $"{resolved}/{part}";
            if (Entry(next) is not { } entry || entry.TargetType == TreeEntryTargetType.GitLink)
            {
                return null;
            }

            if (entry.Mode == Mode.SymbolicLink)
            {
                if (links == 0 || ((Blob)entry.Target).GetContentText() is not { } target || target.StartsWith('/') || BuildPath.Combine(resolved, target) is not { } inside || Resolve(inside, links - 1) is not { } end)
                {
                    return null;
                }

                next = end;
            }

            resolved = next;
        }

        return resolved;
    }

    private Tree? Folder(string path) => path == "/" ? tree : Entry(path)?.Target as Tree;

    private TreeEntry? Entry(string path)
    {
        // The repository is kept open by the reader; without this the finalizer could close it while a tree is walked.
        GC.KeepAlive(repository);
        if (!_entries.TryGetValue(path, out var entry))
        {
            _entries[path] = entry = Folder(BuildPath.Folder(path))?[BuildPath.Name(path)];
        }

        return entry;
    }
}
