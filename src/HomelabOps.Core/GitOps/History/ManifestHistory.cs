using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Tells what commits did with files, the newest first.</summary>
internal static class ManifestHistory
{
    private static readonly CompareOptions Plain = new() { Similarity = SimilarityOptions.None };

    /// <summary>
    /// All commits that a commit leads back to, with what each of them changed. A merge is left out, since what it brings stands in the
    /// commits that it joins.
    /// </summary>
    public static IEnumerable<(Commit Commit, IReadOnlyList<TreeEntryChanges> Changes)> Walk(Repository repository, Commit tip)
    {
        foreach (var commit in repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = tip, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time }))
        {
            if (commit.Parents.Take(2).Count() > 1)
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
    public static byte[]? Read(Commit? commit, string path)
    {
        if (commit?[path]?.Target is not Blob blob)
        {
            return null;
        }

        using var content = blob.GetContentStream();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
