using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>A clone of a repository on this machine, of which commits are read. Nothing in it is changed.</summary>
internal sealed class GitClone : IDisposable
{
    private readonly WorkTree _tree;
    private readonly Repository _repository;

    private GitClone(WorkTree tree) => (_tree, _repository) = (tree, tree.Repository);

    /// <summary>Root of the working copy; the repository's own folder where it is bare.</summary>
    public string Folder => Path.TrimEndingDirectorySeparator(_tree.Info.WorkingDirectory ?? _tree.Info.Path);

    /// <summary>Nothing is checked out.</summary>
    public bool IsBare => _tree.Info.IsBare;

    /// <summary>Addresses of all remotes.</summary>
    public IReadOnlyList<string> Remotes => [.. _repository.Network.Remotes.Select(remote => remote.Url)];

    /// <summary>Opens the repository that a folder lies in; null when it lies in none.</summary>
    /// <exception cref="LibGit2SharpException">Git's files are broken or belong to somebody else.</exception>
    public static GitClone? Open(string folder) => Repository.Discover(folder) is { } found ? new GitClone(WorkTree.Open(found)) : null;

    /// <summary>The commit of a hash; null when the clone does not have it.</summary>
    public GitCommit? Find(string commit) => Lookup(commit) is { } found ? Describe(found) : null;

    /// <summary>Whether a commit is another one or comes after it. False where the clone lacks one of them.</summary>
    /// <param name="commit">Hash of the commit.</param>
    /// <param name="earlier">Hash of the other, perhaps in short.</param>
    public bool Contains(string commit, string earlier) => Contains(_repository, commit, earlier);

    /// <summary>As above, for a repository that is open.</summary>
    public static bool Contains(Repository repository, string commit, string earlier) =>
        Lookup(repository, commit) is { } late && repository.Lookup<Commit>(earlier) is { } early && repository.ObjectDatabase.FindMergeBase(late, early)?.Id == early.Id;

    /// <summary>The files of a commit that the clone has. They are readable while the clone is open.</summary>
    public IBuildFiles Files(string commit) => new GitTreeFiles(_repository, Lookup(commit)!.Tree);

    /// <summary>What is checked out has the file as the commit has it.</summary>
    /// <param name="commit">A commit that the clone has.</param>
    /// <param name="path">The file, as a path of the repository.</param>
    public bool IsCurrent(string commit, string path) => Content(_tree.Head.Tip, path) is { } current && current == Content(Lookup(commit)!, path);

    /// <summary>The last commit that changed a file, from a commit of the clone back. Null where a shallow clone does not reach so far.</summary>
    /// <param name="commit">A commit that the clone has.</param>
    /// <param name="path">The file, as a path of the repository.</param>
    public GitCommit? LastChange(string commit, string path)
    {
        // As git log simplifies history: a parent with the same content explains the file, and the other parents do not matter.
        var current = Lookup(commit)!;
        var content = Content(current, path);
        try
        {
            while (current.Parents.FirstOrDefault(parent => Content(parent, path) == content) is { } earlier)
            {
                current = earlier;
            }

            return ShallowClone.Ends(_repository).Contains(current.Sha) ? null : Describe(current);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    private static ObjectId? Content(Commit? commit, string path) => commit?[path]?.Target.Id;

    private Commit? Lookup(string commit) => Lookup(_repository, commit);

    // A revision may be of something else than a commit of this repository.
    private static Commit? Lookup(Repository repository, string commit) => ObjectId.TryParse(commit, out var id) ? repository.Lookup<Commit>(id) : null;

    private static GitCommit Describe(Commit commit) => new()
    {
        Commit = commit.Sha,
        Author = commit.Author.Name,
        Email = commit.Author.Email,
        Time = commit.Author.When.LocalDateTime,
        Subject = commit.MessageShort,
    };
}
