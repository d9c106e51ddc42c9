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
    private readonly WorkFile[] _files;

    /// <summary>Compares the trees.</summary>
    /// <param name="repository">The working copy.</param>
    /// <param name="from">What it has.</param>
    /// <param name="to">What it gets.</param>
    public FastForward(Repository repository, Tree from, Tree to)
    {
        _repository = repository;
        using var changes = repository.Diff.Compare<TreeChanges>(from, to, new CompareOptions { Similarity = SimilarityOptions.None });
        _files = [.. changes.Select(change => new WorkFile(repository, change)).OrderBy(file => file.IsNeeded)];
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
        var folder = Directory.CreateDirectory(Path.Combine(_repository.Info.Path, NoteFolder)).FullName;
        var draft = Path.Combine(folder, $"{NoteFile}.new");
        File.WriteAllText(draft, $"{branch}\n{from}\n{to}\n");
        File.Move(draft, Path.Combine(folder, NoteFile), overwrite: true);
        reached(CommitStep.Noted);
        End(folder, branch, to, reached);
    }

    /// <summary>Ends what a process that was killed began. Where the user has gone on himself since, nothing is done.</summary>
    public static void EndEarlier(Repository repository)
    {
        var folder = Path.Combine(repository.Info.Path, NoteFolder);
        var note = Path.Combine(folder, NoteFile);
        if (!File.Exists(note))
        {
            return;
        }

        if (File.ReadAllText(note).Split('\n') is [var branch, var from, var to, ..]
            && !repository.Info.IsHeadDetached && repository.Info.CurrentOperation == CurrentOperation.None
            && repository.Head.CanonicalName == branch && repository.Head.Tip?.Sha == from
            && repository.Lookup<Commit>(to) is { } target)
        {
            new FastForward(repository, repository.Head.Tip.Tree, target.Tree).End(folder, branch, to, _ => { });
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
