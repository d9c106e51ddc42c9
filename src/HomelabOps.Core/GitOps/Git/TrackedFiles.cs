using System.Text;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>The texts that Git has of a working copy. A filter may encrypt what is plain in the folder, so they are read from Git and not from there.</summary>
internal static class TrackedFiles
{
    // What people write is shorter.
    private const long LargestFile = 1024 * 1024;

    /// <summary>Gives what is found in each; nothing for a folder that is no working copy.</summary>
    /// <param name="folder">Root of the working copy, or a folder in it; only what is in it is read, and paths are from there.</param>
    /// <param name="wants">Which paths are read.</param>
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
            var (found, start) = (new List<T>(), Start(folder));
            foreach (var entry in tree.Repository.Index.Where(entry => entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile && entry.Path.StartsWith(start, StringComparison.Ordinal) && wants(entry.Path[start.Length..])))
            {
                cancellation.ThrowIfCancellationRequested();
                if (tree.Repository.Lookup<Blob>(entry.Id) is { IsBinary: false, Size: <= LargestFile } blob)
                {
                    found.AddRange(read(entry.Path[start.Length..], blob.GetContentText(Encoding.UTF8)));
                }
            }

            return found;
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(folder, error);
        }
    }

    // What the paths of all files in the folder begin with; nothing for the root.
    private static string Start(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return WorkingCopy.RootOf(full) is { } root && root != full ? Path.GetRelativePath(root, full).Replace('\\', '/') + "/" : "";
    }
}
