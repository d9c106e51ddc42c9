namespace HomelabOps.Core.Nfs;

/// <summary>A folder that a server exports.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Clients">Who may mount it, in the server's words; empty for everybody.</param>
internal sealed record NfsExport(string Path, IReadOnlyList<string> Clients);
