namespace HomelabOps.Core.Mounts;

/// <summary>What is mounted where, as one process sees it.</summary>
internal sealed class MountTable(IReadOnlyList<MountEntry> entries)
{
    /// <summary>All mounts, also those that others hide.</summary>
    public IReadOnlyList<MountEntry> Entries => entries;

    /// <summary>Reads the lines of <c>/proc/PID/mountinfo</c>; others are passed over.</summary>
    public static MountTable Parse(IEnumerable<string> lines) => new([.. lines.Select(MountEntry.Parse).OfType<MountEntry>()]);

    /// <summary>
    /// The mount that a path is on. It is walked as the kernel does it, because a later mount on a folder above, or on the very
    /// same one, hides what was there before.
    /// </summary>
    /// <param name="path">An absolute path without a slash at its end.</param>
    /// <returns>Null only where there is no root.</returns>
    public MountEntry? Of(string path)
    {
        var known = entries.Select(entry => entry.Id).ToHashSet();
        var current = entries.FirstOrDefault(entry => entry.Path == "/" && (entry.Parent == entry.Id || !known.Contains(entry.Parent)));
        if (current is null)
        {
            return null;
        }

        for (var end = 0; ; end = Next(path, end))
        {
            var place = end == 0 ? "/" : path[..end];

            // Of several at the same place each lies on the one before.
            while (entries.FirstOrDefault(entry => entry.Parent == current.Id && entry.Id != current.Id && entry.Path == place) is { } above)
            {
                current = above;
            }

            if (end >= path.Length || path == "/")
            {
                return current;
            }
        }
    }

    /// <summary>The mount at a path itself; null where the path is only a folder of a mount.</summary>
    public MountEntry? At(string path) => Of(path) is { } mount && mount.Path == path ? mount : null;

    private static int Next(string path, int end) => path.IndexOf('/', end + 1) is >= 0 and var slash ? slash : path.Length;
}
