using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>Something that has to be known before a stage is over.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Of">It; null where it could not be read.</param>
/// <param name="Areas">For which areas it is needed; empty for all of the stage.</param>
internal sealed record WaitPart(string Name, Func<HomelabSnapshot, object?> Of, params IReadOnlyList<HomelabArea> Areas);
