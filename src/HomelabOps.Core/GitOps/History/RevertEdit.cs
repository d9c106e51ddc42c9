using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Takes back what a commit did. What changed elsewhere in the same files since stays.</summary>
internal sealed class RevertEdit : IRepositoryEdit
{
    private const string Mark = "This reverts commit ";

    private readonly string _folder;
    private readonly IReadOnlyList<FileChange> _done;

    private RevertEdit(string folder, Commit commit, IReadOnlyList<FileChange> done)
    {
        (_folder, _done, Commit) = (folder, done, commit.Sha);
        Message = $"Revert \"{commit.MessageShort}\"\n\n{Mark}{commit.Sha}.";
    }

    /// <inheritdoc/>
    public string Message { get; }

    /// <summary>The commit that is taken back.</summary>
    public string Commit { get; }

    /// <summary>The commit that a commit takes back, by its message; null for every other.</summary>
    public static string? RevertedBy(Commit commit) =>
        commit.Message.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var start && commit.Message.Length >= start + Mark.Length + 40 ? commit.Message.Substring(start + Mark.Length, 40) : null;

    /// <summary>Reads what a commit did; of a merge, what it did to the branch that it was made on.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">The newest commit.</param>
    /// <param name="typed">A hash, in short or in full, or another name of a commit.</param>
    /// <exception cref="HomelabException">CommitNotFound.</exception>
    public static RevertEdit Of(Repository repository, Commit tip, string typed)
    {
        if (Find(repository, typed) is not { } commit || repository.ObjectDatabase.FindMergeBase(tip, commit)?.Id != commit.Id)
        {
            throw Errors.CommitNotFound(typed, repository.Info.WorkingDirectory ?? repository.Info.Path);
        }

        var parent = commit.Parents.FirstOrDefault();
        using var changes = repository.Diff.Compare<TreeChanges>(parent?.Tree, commit.Tree, new CompareOptions { Similarity = SimilarityOptions.None });
        return new(repository.Info.WorkingDirectory ?? repository.Info.Path, commit, [.. changes.Select(change => new FileChange(change.Path, ManifestHistory.Read(parent, change.Path), ManifestHistory.Read(commit, change.Path)))]);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException">RevertConflict.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        using var merge = new TextMerge(_folder);
        var changes = new List<FileChange>();
        var conflicts = new List<string>();
        foreach (var done in _done)
        {
            var now = files.Resolve("/" + done.Path) is { } found && !files.IsFolder(found) ? files.Read(found) : null;
            if (Same(now, done.Before))
            {
                continue;
            }

            if (Same(now, done.After))
            {
                changes.Add(new(done.Path, now, done.Before));
            }
            else if (now is not null && done is { Before: { } before, After: { } after } && merge.Merge(after, now, before) is { } merged)
            {
                changes.Add(new(done.Path, now, merged));
            }
            else
            {
                conflicts.Add(done.Path);
            }
        }

        return conflicts.Count == 0 ? [.. changes.Where(change => !Same(change.Before, change.After))] : throw Errors.RevertConflict(Display.Commit(Commit), conflicts);
    }

    private static Commit? Find(Repository repository, string typed)
    {
        try
        {
            return repository.Lookup<Commit>(typed);
        }
        catch (LibGit2SharpException)
        {
            // Ambiguous, or no name at all.
            return null;
        }
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);
}
