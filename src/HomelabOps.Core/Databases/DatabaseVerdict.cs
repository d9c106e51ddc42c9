namespace HomelabOps.Core.Databases;

/// <summary>What a check of a database found.</summary>
/// <param name="Path">Its absolute path on the node.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">SQLite's own words; empty where nothing is wrong.</param>
internal sealed record DatabaseVerdict(string Path, DatabaseState State, string Detail);
