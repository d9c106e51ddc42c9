namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>A file or folder of a simulated file system.</summary>
/// <param name="IsDirectory">A folder.</param>
/// <param name="Size">Bytes; a file can be large without having content.</param>
/// <param name="Content">What is read from it.</param>
internal sealed record FileEntry(bool IsDirectory, long Size = 4096, string? Content = null)
{
    public static FileEntry Folder { get; } = new(true);

    public static FileEntry Text(string content) => new(false, content.Length, content);
}
