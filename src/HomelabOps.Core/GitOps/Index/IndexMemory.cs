namespace HomelabOps.Core.GitOps.Index;

/// <summary>Remembers what was read of files, for as long as the process lives and the files stay as they are.</summary>
internal static class IndexMemory
{
    // About twice what a large homelab has.
    private static readonly Generations<(string Path, string Stamp), IndexedFile> Known = new(12_000);

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

        if (Known.Find((path, stamp)) is { } known)
        {
            return known;
        }

        var result = read();
        Known.Keep((path, stamp), result);
        return result;
    }
}
