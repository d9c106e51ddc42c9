using System.Text;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>
/// Tells files that were deleted from those that live on under another name: what was moved would be there twice if it came back,
/// and no build takes an object twice. Commits are looked at from the newest on, since what was moved once may have been moved again.
/// </summary>
/// <param name="tip">The newest commit.</param>
internal sealed class MovedFiles(Commit tip)
{
    // Of older names, those that lead to something that is there.
    private readonly HashSet<string> _moved = new(StringComparer.Ordinal);

    /// <summary>Those files that a commit deleted for good.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="changes">What it changed.</param>
    public IReadOnlyList<string> Gone(Commit commit, IReadOnlyList<TreeEntryChanges> changes)
    {
        var deleted = changes.Where(change => !change.Exists && change.OldMode != Mode.GitLink && tip[change.Path] is null).Select(change => change.Path).ToList();
        var added = changes.Where(change => !change.OldExists && (tip[change.Path] is not null || _moved.Contains(change.Path))).Select(change => change.Path).ToList();
        if (deleted.Count == 0 || added.Count == 0)
        {
            return deleted;
        }

        var parent = commit.Parents.FirstOrDefault();
        var known = added.Select(path => Content(commit, path)).ToHashSet(StringComparer.Ordinal);
        var moved = deleted.Where(path => known.Contains(Content(parent, path))).ToHashSet(StringComparer.Ordinal);

        // A kustomization file has no name of its own. It moved with what it lists, though it may list it in another way now.
        foreach (var folder in deleted.GroupBy(Folder).Where(folder => folder.Any(moved.Contains) && folder.All(path => moved.Contains(path) || KustomizationEntries.IsFile(path))))
        {
            moved.UnionWith(folder);
        }

        _moved.UnionWith(moved);
        return [.. deleted.Where(path => !moved.Contains(path))];
    }

    private static string Folder(string path) => BuildPath.Folder("/" + path);

    // What objects it has, whatever else was changed on the way; of a file without any, its very bytes.
    private static string Content(Commit? commit, string path)
    {
        var entry = commit?[path];
        if (IndexedFile.IsYaml(path) && !KustomizationEntries.IsFile(path) && ManifestHistory.Read(commit, path) is { } bytes)
        {
            try
            {
                var names = YamlReader.ReadAll(path, Encoding.UTF8.GetString(bytes)).Select(document => (Kind: document.Root.Find("kind")?.Text, Name: document.Root.Find("metadata")?.Find("name")?.Text)).ToList();
                if (names.Count > 0 && names.TrueForAll(one => one is { Kind: not null, Name: not null }))
                {
                    return string.Join('\n', names.Select(one => $"{one.Kind}/{one.Name}"));
                }
            }
            catch (HomelabException)
            {
                // Somebody broke it once.
            }
        }

        return entry?.Target.Sha ?? "";
    }
}
