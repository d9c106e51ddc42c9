namespace HomelabOps.Core.Topology;

/// <summary>An application's claim and the one on the backup node.</summary>
internal sealed record ClaimPair(string Namespace, string Claim, string Backup);
