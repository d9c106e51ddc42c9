namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>A field that does not fit its schema.</summary>
/// <param name="Reason">FieldUnknown, FieldMissing or FieldInvalid.</param>
/// <param name="Path">Keys and indexes that lead to it.</param>
/// <param name="Detail">What is wrong with its value; empty for an unknown or missing one.</param>
internal sealed record FieldIssue(string Reason, IReadOnlyList<string> Path, string Detail);
