namespace HomelabOps;

/// <summary>What of a repository gives a field the value that the cluster gets.</summary>
public enum ManifestMechanism
{
    /// <summary>The object's own manifest.</summary>
    Manifest,

    /// <summary><c>images</c> of a kustomization file or a Flux Kustomization.</summary>
    KustomizeImages,

    /// <summary><c>replicas</c> of a kustomization file.</summary>
    KustomizeReplicas,

    /// <summary>A patch, in place or in a file of its own.</summary>
    KustomizePatch,

    /// <summary>Values of a HelmRelease, its own or those of a ConfigMap.</summary>
    HelmValues,

    /// <summary>A variable of <c>postBuild</c>, or its default.</summary>
    Substitution,
}
