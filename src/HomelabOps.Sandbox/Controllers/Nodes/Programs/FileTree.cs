using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What one file system holds. Paths are absolute within it. Safe for use by several threads.</summary>
/// <param name="capacity">Bytes of it.</param>
/// <param name="used">Bytes that are taken beside what is known of it.</param>
internal sealed class FileTree(long capacity, long used)
{
    private readonly ConcurrentDictionary<string, FileEntry> _entries = new(StringComparer.Ordinal);

    public long Capacity => capacity;

    public long Used => used + _entries.Values.Sum(entry => entry.Size);

    public FileEntry? Find(string path) => path == "/" ? FileEntry.Folder : _entries.GetValueOrDefault(path);

    /// <summary>What lies directly in a folder, by name.</summary>
    public IReadOnlyList<(string Name, FileEntry Entry)> List(string folder)
    {
        var prefix = folder == "/" ? "/" : folder + "/";
        return [.. _entries
            .Where(entry => entry.Key.Length > prefix.Length && entry.Key.StartsWith(prefix, StringComparison.Ordinal) && entry.Key.IndexOf('/', prefix.Length) < 0)
            .Select(entry => (entry.Key[prefix.Length..], entry.Value))
            .OrderBy(entry => entry.Item1, StringComparer.Ordinal)];
    }

    /// <summary>A file, or a folder with all in it, with their paths below it; its own is empty.</summary>
    public IReadOnlyList<(string Path, FileEntry Entry)> Below(string path) =>
        [.. _entries.Where(entry => entry.Key == path || entry.Key.StartsWith(path + "/", StringComparison.Ordinal)).Select(entry => (entry.Key[path.Length..], entry.Value))];

    /// <summary>Sets a file or folder, with the folders above it.</summary>
    public void Set(string path, FileEntry entry)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (!_entries.TryAdd(path[..end], FileEntry.Folder))
            {
                break;
            }
        }

        if (path != "/")
        {
            _entries[path] = entry;
        }
    }

    /// <summary>Removes a file, or a folder with all in it.</summary>
    public void Remove(string path)
    {
        foreach (var key in _entries.Keys.Where(key => key == path || key.StartsWith(path + "/", StringComparison.Ordinal)))
        {
            _entries.TryRemove(key, out _);
        }
    }
}
