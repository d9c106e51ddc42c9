namespace HomelabOps.Core.GitOps.Index;

/// <summary>A Flux Kustomization of the repository and what it applies.</summary>
internal sealed record IndexedFlux
{
    /// <summary>The Flux Kustomization itself.</summary>
    public required IndexedObject Object { get; init; }

    /// <summary>spec.path as it is written.</summary>
    public required string Path { get; init; }

    /// <summary>The folder that the path leads to; null when there is none, or when it depends on a variable.</summary>
    public required string? Folder { get; init; }

    /// <summary>spec.sourceRef as kind/namespace/name; the namespace is empty where neither it nor the Kustomization has one.</summary>
    public required string Source { get; init; }

    /// <summary>spec.targetNamespace; empty when it is not set.</summary>
    public required string TargetNamespace { get; init; }

    /// <summary>The names of the Kustomizations that must be ready first, as namespace/name.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>All files that take part in its build, sorted.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
