namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>What kept a probe pod from running.</summary>
internal enum ProbeFailureKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Something else.</summary>
    Other,

    /// <summary>Its namespace takes no such pods.</summary>
    Refused,

    /// <summary>The image cannot be had.</summary>
    Image,

    /// <summary>The image is there, and what is to run in it does not.</summary>
    Container,

    /// <summary>The time was over.</summary>
    Slow,
}
