namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>How probe pods are made.</summary>
internal sealed record ProbeOptions
{
    /// <summary>The namespace that takes pods with the node's files nearly everywhere.</summary>
    public const string UsualNamespace = "kube-system";

    /// <summary>Namespace of the pods; Pod Security of most others refuses them.</summary>
    public string Namespace { get; init; } = UsualNamespace;

    /// <summary>Image with a shell and the usual tools; null for one that the node has.</summary>
    public string? Image { get; init; }

    /// <summary>How long one node may take in all. The pod itself ends a little later, whatever becomes of who made it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The node's files can be written to.</summary>
    public bool Writable { get; init; }

    /// <summary>As whom images are pulled; null for a pod that looks at the node. Such a pod sees nothing of the node, and every namespace takes it.</summary>
    public ImageAccess? Pulling { get; init; }
}
