using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Tells what commits did with files, the newest first.</summary>
internal static class ManifestHistory
{
    private static readonly CompareOptions Plain = new() { Similarity = SimilarityOptions.None };

    /// <summary>
    /// All commits that a commit leads back to, with what each of them changed. A merge is left out, since what it brings stands in the
    /// commits that it joins, and so is what a shallow clone was cut off at, since nobody knows what that changed.
    /// </summary>
    public static IEnumerable<(Commit Commit, IReadOnlyList<TreeEntryChanges> Changes)> Walk(Repository repository, Commit tip)
    {
        var ends = ShallowClone.Ends(repository);
        foreach (var commit in repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = tip, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time }))
        {
            if (commit.Parents.Take(2).Count() > 1 || ends.Contains(commit.Sha))
            {
                continue;
            }

            using var changes = repository.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree, Plain);
            yield return (commit, [.. changes]);
        }
    }

    /// <summary>What commits did with the files that are meant.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">The newest commit.</param>
    /// <param name="scope">Which files.</param>
    /// <param name="name">What the repository is called.</param>
    public static IEnumerable<ManifestVersion> Versions(Repository repository, Commit tip, ManifestScope scope, string name) =>
        from entry in Walk(repository, tip)
        from change in entry.Changes
        where scope.Has(change.Path)
        select new ManifestVersion
        {
            File = change.Path,
            Commit = entry.Commit.Sha,
            Author = entry.Commit.Author.Name,
            Time = entry.Commit.Author.When.LocalDateTime,
            Change = !change.OldExists ? ManifestChange.Added : !change.Exists ? ManifestChange.Deleted : ManifestChange.Modified,
            Subject = entry.Commit.MessageShort,
            Repository = name,
        };

    /// <summary>The bytes of a file in a commit; null where it has none of this name.</summary>
    public static byte[]? Read(Commit? commit, string path) => GitFile.Of(commit?[path]) is { Mode: not Mode.GitLink } file ? file.Bytes : null;
}
