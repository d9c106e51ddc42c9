namespace HomelabOps.Core.Databases;

/// <summary>A SQLite database on a node.</summary>
/// <param name="Path">Its absolute path on the node.</param>
/// <param name="Bytes">What it and its log weigh.</param>
/// <param name="Logs">Endings of the files beside it that belong to it: what is written and is not in the database itself yet.</param>
internal sealed record DatabaseFile(string Path, long Bytes, IReadOnlyList<string> Logs)
{
    /// <summary>Its name without folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
