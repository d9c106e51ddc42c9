namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A scalar of a built object, or of a release's values.</summary>
/// <param name="Path">The way to it.</param>
/// <param name="Role">What it is.</param>
/// <param name="Text">Its text.</param>
internal sealed record FieldScalar(ObjectPath Path, ScalarRole Role, string Text);
