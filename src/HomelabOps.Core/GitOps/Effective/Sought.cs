namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A scalar whose place is looked for.</summary>
/// <param name="App">The application.</param>
/// <param name="Scalar">The scalar.</param>
/// <param name="Part">The part of an image that is meant; of all else it says nothing.</param>
internal sealed record Sought(ManifestApp App, FieldScalar Scalar, ImagePart Part);
