using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps;

/// <summary>The files of a working copy as they were pushed last, which is what Flux has applied; as committed where the branch has no remote one.</summary>
internal sealed class PushedFiles : IDisposable
{
    private readonly WorkTree _tree;
    private readonly Commit _commit;

    private PushedFiles(WorkTree tree, Commit commit) => (_tree, _commit) = (tree, commit);

    /// <summary>Opens a working copy; null when the folder is the root of none, or nothing has been committed yet.</summary>
    public static PushedFiles? Open(string folder)
    {
        if (!Path.Exists(Path.Combine(folder, ".git")))
        {
            return null;
        }

        WorkTree? tree = null;
        try
        {
            tree = WorkTree.Open(folder);
            if ((tree.Head.TrackedBranch?.Tip ?? tree.Head.Tip) is { } commit)
            {
                var opened = new PushedFiles(tree, commit);
                tree = null;
                return opened;
            }

            return null;
        }
        catch (LibGit2SharpException)
        {
            // A folder that only looks like a working copy has no past to compare with.
            return null;
        }
        finally
        {
            tree?.Dispose();
        }
    }

    /// <summary>The content of a file, as a path of the repository that begins with /; null when it was not there.</summary>
    public byte[]? Read(string path)
    {
        if (_commit[path[1..]]?.Target is not Blob blob)
        {
            return null;
        }

        using var stream = blob.GetContentStream();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();
}
