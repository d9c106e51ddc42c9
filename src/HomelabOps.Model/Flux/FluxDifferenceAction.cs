namespace HomelabOps;

/// <summary>What applying a Kustomization would do with an object.</summary>
public enum FluxDifferenceAction
{
    /// <summary>The cluster lacks it.</summary>
    Create,

    /// <summary>The cluster has it otherwise.</summary>
    Update,

    /// <summary>Flux applied it once, and it is no longer in the manifests.</summary>
    Delete,
}
