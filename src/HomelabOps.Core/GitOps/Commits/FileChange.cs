namespace HomelabOps.Core.GitOps.Commits;

/// <summary>What becomes of one file.</summary>
/// <param name="Path">The file, as a path of the repository: / between its parts and none before them.</param>
/// <param name="Before">Its bytes; null where it is new.</param>
/// <param name="After">Its bytes afterwards; null where it goes.</param>
internal sealed record FileChange(string Path, byte[]? Before, byte[]? After);
