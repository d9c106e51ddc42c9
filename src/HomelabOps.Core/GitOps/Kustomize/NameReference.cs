namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>A type whose objects are referred to by name, and the fields that do so.</summary>
internal sealed record NameReference(string Group, string Version, string Kind, IReadOnlyList<FieldSpec> Fields)
{
    public bool IsSameType(NameReference other) => (Group, Version, Kind) == (other.Group, other.Version, other.Kind);
}
