using System.Text;
using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Finds what was deleted last: the newest commit that deleted files, or entries of kustomization files, which are not there now.</summary>
internal sealed class RestoreFinder
{
    private readonly Repository _repository;
    private readonly Commit _tip;
    private readonly ManifestScope _scope;
    private readonly Dictionary<string, GitFile> _files = new(StringComparer.Ordinal);
    private readonly List<RestoredEntry> _entries = [];

    // What kustomization files of the tip, or of what is restored, lead to.
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal);

    // Taken out, and what they led to is not there as far as is known. The files may have gone before.
    private readonly List<(RestoredEntry Entry, string Target)> _passed = [];
    private Commit? _deletion;

    private RestoreFinder(Repository repository, Commit tip, ManifestScope scope)
    {
        (_repository, _tip, _scope) = (repository, tip, scope);
        foreach (var path in Paths(tip.Tree, "").Where(KustomizationEntries.IsFile))
        {
            Reach(path, ManifestHistory.Read(tip, path));
        }
    }

    /// <summary>Plans the restoration.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">Its newest commit.</param>
    /// <param name="scope">Which files and folders are meant.</param>
    /// <param name="cancellationToken">Ends the walk through the history.</param>
    /// <returns>The edit; null when nothing that is meant was deleted.</returns>
    public static RestoreEdit? Find(Repository repository, Commit tip, ManifestScope scope, CancellationToken cancellationToken = default)
    {
        var finder = new RestoreFinder(repository, tip, scope);
        finder.Walk(cancellationToken);
        return finder._files.Count + finder._entries.Count == 0
            ? null
            : new RestoreEdit(scope.Apps.Count > 0 || finder._files.Count != 1 ? scope.ToString() : finder._files.Keys.Single(), finder._files, finder._entries) { Deletion = finder._deletion };
    }

    /// <summary>Whether what was taken away last is there again, by whatever commit.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">Its newest commit.</param>
    /// <param name="scope">Which files and folders are meant.</param>
    /// <param name="cancellationToken">Ends the walk through the history.</param>
    public static bool IsBack(Repository repository, Commit tip, ManifestScope scope, CancellationToken cancellationToken = default)
    {
        var finder = new RestoreFinder(repository, tip, scope);
        var moved = new MovedFiles(tip);
        foreach (var (commit, changes) in ManifestHistory.Walk(repository, tip))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var taken = changes.Where(change => change.OldExists).SelectMany(change => finder.Taken(commit, commit.Parents.FirstOrDefault(), change.Path)).ToList();
            if (finder.Gone(moved, commit, changes).Any(scope.Has) || taken.Exists(one => finder.IsThere(one.Target) && !finder._reached.Contains(one.Target)))
            {
                return false;
            }

            if (changes.Any(change => !change.Exists && scope.Has(change.Path) && tip[change.Path] is not null)
                || taken.Exists(one => KustomizationEntries.Of(one.Entry.File, Text(ManifestHistory.Read(tip, one.Entry.File))).Any(now => now.Target == one.Target)))
            {
                return true;
            }
        }

        return false;
    }

    private void Walk(CancellationToken cancellationToken)
    {
        // Before a file was made nothing can have led to it.
        var sought = new HashSet<string>(StringComparer.Ordinal);
        var moved = new MovedFiles(_tip);
        foreach (var (commit, changes) in ManifestHistory.Walk(_repository, _tip))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parent = commit.Parents.FirstOrDefault();
            if (_files.Count == 0 && _entries.Count == 0)
            {
                foreach (var gone in Gone(moved, commit, changes).Where(_scope.Has))
                {
                    _files[gone] = GitFile.Of(parent?[gone])!;
                    sought.Add(gone);
                }

                foreach (var (path, file) in _files.Where(file => KustomizationEntries.IsFile(file.Key)))
                {
                    Reach(path, file.Bytes);
                }

                foreach (var (entry, target) in _passed.ToArray())
                {
                    Take(entry, target);
                }
            }

            foreach (var (entry, target) in changes.Where(change => change.OldExists).SelectMany(change => Taken(commit, parent, change.Path)))
            {
                Take(entry, target);
            }

            _deletion ??= _files.Count + _entries.Count > 0 ? commit : null;
            sought.ExceptWith(changes.Where(change => !change.OldExists).Select(change => change.Path));
            if (sought.Count == 0 && _files.Count + _entries.Count > 0)
            {
                return;
            }
        }
    }

    // Who names a path wants what was there, wherever it is now.
    private IEnumerable<string> Gone(MovedFiles moved, Commit commit, IReadOnlyList<TreeEntryChanges> changes) => _scope.Paths.Count == 0
        ? moved.Gone(commit, changes)
        : changes.Where(change => !change.Exists && change.OldMode != Mode.GitLink && _tip[change.Path] is null).Select(change => change.Path);

    // Entries that a commit took out of a kustomization file that is there.
    private IEnumerable<(RestoredEntry Entry, string Target)> Taken(Commit commit, Commit? parent, string path)
    {
        if (!KustomizationEntries.IsFile(path) || _tip[path] is null)
        {
            return [];
        }

        var left = KustomizationEntries.Of(path, Text(ManifestHistory.Read(commit, path))).Select(entry => entry.Target).ToHashSet(StringComparer.Ordinal);
        return KustomizationEntries.Of(path, Text(ManifestHistory.Read(parent, path))).Where(entry => !left.Contains(entry.Target) && _scope.Has(entry.Target));
    }

    private void Take(RestoredEntry entry, string target)
    {
        if (!IsThere(target))
        {
            _passed.Add((entry, target));
        }
        else if (_reached.Add(target))
        {
            _entries.Add(entry);
        }
    }

    private bool IsThere(string target) => _tip[target] is not null || _files.Keys.Any(file => file == target || file.StartsWith(target + "/", StringComparison.Ordinal));

    private void Reach(string path, byte[]? bytes)
    {
        foreach (var (_, target) in KustomizationEntries.Of(path, Text(bytes)))
        {
            _reached.Add(target);
        }
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static IEnumerable<string> Paths(Tree tree, string prefix) => tree.SelectMany(entry => entry.Target is Tree below && entry.TargetType == TreeEntryTargetType.Tree
        ? Paths(below, $"{prefix}{entry.Name}/")
        : [prefix + entry.Name]);
}
