using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Takes back what a commit did. What changed elsewhere in the same files since stays.</summary>
internal sealed class RevertEdit : IRepositoryEdit
{
    private const string Mark = "This reverts commit ";

    private readonly string _folder;
    private readonly IReadOnlyList<RevertedFile> _done;

    // What runs with it takes two builds of the repository, and the commit that follows its preview is mostly made on the same files.
    private (ObjectId Of, IReadOnlyList<FileChange> Changes)? _last;

    private RevertEdit(string folder, Commit commit, IReadOnlyList<RevertedFile> done)
    {
        (_folder, _done, Commit) = (folder, done, commit.Sha);
        Message = $"Revert \"{commit.MessageShort}\"\n\n{Mark}{commit.Sha}.";
    }

    /// <inheritdoc/>
    public string Message { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Runs { get; private set; } = [];

    /// <summary>The commit that is taken back.</summary>
    public string Commit { get; }

    /// <summary>The commit that a commit takes back, by its message; null for every other.</summary>
    public static string? RevertedBy(Commit commit) =>
        commit.Message.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var start && commit.Message.Length >= start + Mark.Length + 40 ? commit.Message.Substring(start + Mark.Length, 40) : null;

    /// <summary>Reads what a commit did; of a merge, what it did to the branch that it was made on.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">The newest commit.</param>
    /// <param name="typed">A hash, in short or in full, or another name of a commit.</param>
    /// <exception cref="HomelabException">CommitNotFound, RepositoryShallow.</exception>
    public static RevertEdit Of(Repository repository, Commit tip, string typed)
    {
        if (Find(repository, typed) is not { } commit || repository.ObjectDatabase.FindMergeBase(tip, commit)?.Id != commit.Id)
        {
            throw Errors.CommitNotFound(typed, repository.Info.WorkingDirectory ?? repository.Info.Path);
        }

        if (ShallowClone.Ends(repository).Contains(commit.Sha))
        {
            // Without its parent it seems to have made all files, and all of them would go.
            throw Errors.RepositoryShallow(repository.Info.WorkingDirectory ?? repository.Info.Path, Display.Commit(commit.Sha));
        }

        var parent = commit.Parents.FirstOrDefault();
        using var changes = repository.Diff.Compare<TreeChanges>(parent?.Tree, commit.Tree, new CompareOptions { Similarity = SimilarityOptions.None });
        return new(repository.Info.WorkingDirectory ?? repository.Info.Path, commit, [.. changes.Select(change => new RevertedFile(change.Path, GitFile.Of(parent?[change.Path]), GitFile.Of(commit[change.Path])))]);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException">RevertConflict, RevertUnbuildable.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        // Links and what may be run matter, which only Git knows.
        var tree = (GitTreeFiles)files;
        if (_last is { } last && last.Of == tree.Id)
        {
            return last.Changes;
        }

        if (_done.Where(done => done.IsSubmodule).Select(done => done.Path).ToArray() is { Length: > 0 } submodules)
        {
            throw Errors.RevertSubmodule(Display.Commit(Commit), submodules);
        }

        using var merge = new TextMerge(_folder);
        var changes = new List<FileChange>();
        var conflicts = new List<string>();
        foreach (var done in _done)
        {
            var now = tree.At("/" + done.Path);
            if (GitFile.Same(now, done.Before))
            {
                continue;
            }

            if (GitFile.Same(now, done.After))
            {
                changes.Add(new(done.Path, now?.Bytes, done.Before?.Bytes) { Mode = done.Before?.Mode, IsStored = true });
            }
            else if (now is { IsPlain: true } && done is { Before: { IsPlain: true } before, After: { IsPlain: true } after } && merge.Merge(after.Bytes, now.Bytes, before.Bytes) is { } merged)
            {
                changes.Add(new(done.Path, now.Bytes, merged) { Mode = now.Mode == after.Mode ? before.Mode : now.Mode });
            }
            else
            {
                conflicts.Add(done.Path);
            }
        }

        if (conflicts.Count > 0)
        {
            throw Errors.RevertConflict(Display.Commit(Commit), conflicts);
        }

        var built = new ForestChange(files, new ChangedFiles(files, changes));
        if (built.Broken.FirstOrDefault() is { } broken)
        {
            throw Errors.RevertUnbuildable(Display.Commit(Commit), broken.Reference, broken.Failure!);
        }

        (_last, Runs) = ((tree.Id, changes), [.. ManifestApp.Changed(built.Before, built.After)]);
        return changes;
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
}
