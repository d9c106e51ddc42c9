namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>An operation on applications that is neither done nor taken back, and that no process works at.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Step">The last step that was begun.</param>
/// <param name="Apps">The applications.</param>
internal sealed record OpenOperation(string Id, OperationKind Kind, OperationStatus Status, string Step, IReadOnlyList<ResourceReference> Apps);
