namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>A file or folder of a simulated file system.</summary>
/// <param name="IsDirectory">A folder.</param>
/// <param name="Size">Bytes; a file can be large without having content.</param>
/// <param name="Content">What is read from it.</param>
internal sealed record FileEntry(bool IsDirectory, long Size = 4096, string? Content = null)
{
    // What is there from the start was there before the homelab was.
    private static readonly DateTimeOffset Before = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset Modified { get; init; } = Before;

    public static FileEntry Folder { get; } = new(true);

    public static FileEntry Text(string content) => new(false, content.Length, content);
}
