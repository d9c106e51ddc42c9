using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Joins two changes of one file, as git merges it. Nothing is written to the disk.</summary>
/// <param name="folder">A repository, whose settings count.</param>
internal sealed class TextMerge(string folder) : IDisposable
{
    private const string Name = "file";
    private static readonly Signature Nobody = new("merge", "merge", DateTimeOffset.UnixEpoch);

    private readonly Repository _repository = Open(folder);

    /// <summary>The content with both changes; null where they contradict each other.</summary>
    public byte[]? Merge(byte[] origin, byte[] ours, byte[] theirs)
    {
        var root = Write(origin, []);
        var result = _repository.ObjectDatabase.MergeCommits(Write(ours, [root]), Write(theirs, [root]), new MergeTreeOptions { FailOnConflict = true });
        if (result.Status == MergeTreeStatus.Conflicts)
        {
            return null;
        }

        using var content = ((Blob)result.Tree[Name].Target).GetContentStream();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _repository.Dispose();

    private static Repository Open(string folder)
    {
        var repository = new Repository(folder);
        repository.ObjectDatabase.AddBackend(new MemoryObjects(), priority: 5);
        return repository;
    }

    private Commit Write(byte[] content, Commit[] parents)
    {
        using var bytes = new MemoryStream(content);
        var tree = new TreeDefinition().Add(Name, _repository.ObjectDatabase.CreateBlob(bytes), Mode.NonExecutableFile);
        return _repository.ObjectDatabase.CreateCommit(Nobody, Nobody, Name, _repository.ObjectDatabase.CreateTree(tree), parents, prettifyMessage: false);
    }
}
