namespace HomelabOps;

/// <summary>A Kustomization of Flux (not kustomize's own file).</summary>
public sealed record FluxKustomization : FluxResource
{
    /// <summary>The objects that the Kustomization has applied.</summary>
    public IReadOnlyList<ResourceReference> Inventory { get; init; } = [];

    /// <summary>Objects that leave the inventory are deleted.</summary>
    public bool Prune { get; init; }

    /// <summary>Waits until all applied objects are healthy.</summary>
    public bool Wait { get; init; }

    /// <summary>Namespace that all objects are put into; null when they keep their own.</summary>
    public string? TargetNamespace { get; init; }
}
