namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Which values of which applications are asked for.</summary>
internal sealed record AppManifestQuery
{
    /// <summary>The repository: a folder or file of it.</summary>
    public required string Path { get; init; }

    /// <summary>What the repository is called in errors.</summary>
    public required string Shown { get; init; }

    /// <summary>The applications; none for all.</summary>
    public IReadOnlyList<ResourcePattern> Apps { get; init; } = [];

    /// <summary>Only those in namespaces of these names, with wildcards; none for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Only these fields; none for all.</summary>
    public IReadOnlyList<ManifestField> Fields { get; init; } = [];

    /// <summary>Where charts have their values, besides the usual places.</summary>
    public IReadOnlyList<ValuePattern> Patterns { get; init; } = [];
}
