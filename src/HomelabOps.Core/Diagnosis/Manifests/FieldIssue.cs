namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>A field that an API server does not take.</summary>
/// <param name="Reason">The finding's word, such as FieldUnknown, FieldMissing or FieldInvalid.</param>
/// <param name="Path">Keys and indexes that lead to it.</param>
/// <param name="Detail">What is wrong with its value; empty for an unknown or missing one.</param>
/// <param name="Severity">How bad it is.</param>
internal sealed record FieldIssue(string Reason, IReadOnlyList<string> Path, string Detail, FindingSeverity Severity = FindingSeverity.Error);
