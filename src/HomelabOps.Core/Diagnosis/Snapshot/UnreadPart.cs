namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>A part of a homelab that nothing is known of for now: it could not be read, or did not answer.</summary>
/// <param name="Name">The part.</param>
/// <param name="IsDear">It is looked at less often than the rest.</param>
internal sealed record UnreadPart(string Name, bool IsDear = false);
