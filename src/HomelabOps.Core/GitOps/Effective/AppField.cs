namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A value that an application has.</summary>
internal sealed record AppField
{
    public required ManifestField Field { get; init; }

    /// <summary>The container, or what its values call it; empty for what is of the whole application.</summary>
    public string Container { get; init; } = "";

    /// <summary>Which of several it is, such as <c>limits.memory</c>.</summary>
    public string Item { get; init; } = "";

    /// <summary>The value as people write it.</summary>
    public required string Value { get; init; }

    /// <summary>The scalars that make it up. The first is the one that is changed to change it.</summary>
    public required IReadOnlyList<FieldScalar> Scalars { get; init; }
}
