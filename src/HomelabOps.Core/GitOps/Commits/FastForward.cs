using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// Brings a working copy from one tree to another. Files come first, then the index, then the branch: a user who commits in between
/// can at most commit again what was pushed, and never take it back unawares. A note in Git's folder lets the next process go on.
/// </summary>
internal sealed class FastForward
{
    private const string NoteFolder = "homelabops";
    private const string NoteFile = "following";

    private readonly Repository _repository;
    private readonly string _gitFolder;
    private readonly WorkFile[] _files;

    /// <summary>Compares the trees.</summary>
    /// <param name="copy">The working copy.</param>
    /// <param name="from">What it has.</param>
    /// <param name="to">What it gets.</param>
    public FastForward(WorkTree copy, Tree from, Tree to)
    {
        (_repository, _gitFolder) = (copy.Repository, copy.GitFolder);
        using var changes = _repository.Diff.Compare<TreeChanges>(from, to, new CompareOptions { Similarity = SimilarityOptions.None });
        var filters = FileFilters.Of(copy, [.. changes.Select(change => change.Path)]);
        _files = [.. changes.Select(change => new WorkFile(_repository, change, filters?.Has(change.Path) == true ? filters : null)).OrderBy(file => file.IsNeeded)];
    }

    /// <summary>Files that have neither the old nor the new content, or whose place is taken.</summary>
    public IReadOnlyList<string> Obstacles()
    {
        var going = _files.Where(file => !file.IsNeeded).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. _files.Where(file => !file.IsClean || file.IsBlocked(going)).Select(file => file.Path)];
    }

    /// <summary>Changes files and index, and moves the branch.</summary>
    public void Go(string branch, string from, string to, Action<CommitStep> reached)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_gitFolder, NoteFolder)).FullName;
        var draft = Path.Combine(folder, $"{NoteFile}.new");
        File.WriteAllText(draft, $"{branch}\n{from}\n{to}\n");
        File.Move(draft, Path.Combine(folder, NoteFile), overwrite: true);
        reached(CommitStep.Noted);
        End(folder, branch, to, reached);
    }

    /// <summary>Ends what a process that was killed began. Where the user has gone on himself since, nothing is done.</summary>
    public static void EndEarlier(WorkTree copy)
    {
        var folder = Path.Combine(copy.GitFolder, NoteFolder);
        var note = Path.Combine(folder, NoteFile);
        if (!File.Exists(note))
        {
            return;
        }

        if (File.ReadAllText(note).Split('\n') is [var branch, var from, var to, ..]
            && !copy.Info.IsHeadDetached && copy.Info.CurrentOperation == CurrentOperation.None
            && copy.Head.CanonicalName == branch && copy.Head.Tip?.Sha == from
            && copy.Repository.Lookup<Commit>(to) is { } target)
        {
            new FastForward(copy, copy.Head.Tip.Tree, target.Tree).End(folder, branch, to, _ => { });
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void End(string folder, string branch, string to, Action<CommitStep> reached)
    {
        foreach (var file in _files)
        {
            file.Write(folder);
            reached(CommitStep.FileWritten);
        }

        foreach (var file in _files)
        {
            file.Stage();
        }

        _repository.Index.Write();
        reached(CommitStep.IndexWritten);

        // Compares with what was read, so a commit of the user in this moment is not lost.
        _repository.Refs.UpdateTarget(_repository.Refs[branch], new ObjectId(to), "homelabops: Fast-forward");
        reached(CommitStep.BranchMoved);
        Directory.Delete(folder, recursive: true);
    }
}
