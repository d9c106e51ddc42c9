using System.Collections.Concurrent;

namespace HomelabOps.Core.GitOps.Index;

/// <summary>Remembers what was read of files, for as long as the process lives and the files stay as they are. What nobody asks for any more goes.</summary>
internal static class IndexMemory
{
    // About twice what a large homelab has; two generations of it are kept.
    private const int Most = 12_000;

    private static ConcurrentDictionary<(string Path, string Stamp), IndexedFile> _young = [];
    private static ConcurrentDictionary<(string Path, string Stamp), IndexedFile> _old = [];

    /// <summary>What was read of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stamp">What tells its content from others; null where nothing does, and then nothing is remembered.</param>
    /// <param name="read">Reads it.</param>
    public static IndexedFile Get(string path, string? stamp, Func<IndexedFile> read)
    {
        if (stamp is null)
        {
            return read();
        }

        var key = (path, stamp);
        if (_young.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!_old.TryGetValue(key, out known))
        {
            known = read();
        }

        if (_young.Count >= Most)
        {
            (_old, _young) = (_young, []);
        }

        _young[key] = known;
        return known;
    }
}
