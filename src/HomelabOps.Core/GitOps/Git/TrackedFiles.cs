using System.Text;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>The texts that Git has of a working copy. A filter may encrypt what is plain in the folder, so they are read from Git and not from there.</summary>
internal static class TrackedFiles
{
    // What people write is shorter.
    private const long LargestFile = 1024 * 1024;

    /// <summary>Gives what is found in each; nothing for a folder that is no working copy.</summary>
    /// <param name="folder">Root of the working copy, or a folder in it.</param>
    /// <param name="wants">Which paths of the repository are read.</param>
    /// <param name="read">Takes the path and the text of a file.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="HomelabException">RepositoryUnreadable.</exception>
    public static IReadOnlyList<T> Read<T>(string folder, Func<string, bool> wants, Func<string, string, IEnumerable<T>> read, CancellationToken cancellation)
    {
        try
        {
            // As git itself does, from a folder within it as well.
            if (Repository.Discover(folder) is not { } place)
            {
                return [];
            }

            using var tree = WorkTree.Open(place);
            List<T> found = [];
            foreach (var entry in tree.Repository.Index.Where(entry => entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile && wants(entry.Path)))
            {
                cancellation.ThrowIfCancellationRequested();
                if (tree.Repository.Lookup<Blob>(entry.Id) is { IsBinary: false, Size: <= LargestFile } blob)
                {
                    found.AddRange(read(entry.Path, blob.GetContentText(Encoding.UTF8)));
                }
            }

            return found;
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(folder, error);
        }
    }
}
