namespace HomelabOps;

/// <summary>The Secret of MetalLB's webhook, and the certificate in it.</summary>
public sealed record MetalLBWebhookCert : HomelabRecord
{
    /// <summary>The Secret, which is also the name of the record.</summary>
    public string SecretName { get; init; } = "";

    /// <summary>It was made, or made anew. False: what was there is good, and was left as it is.</summary>
    public bool Created { get; init; }

    /// <summary>It holds nothing: MetalLB's controller fills it.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Type of the Secret: <c>Opaque</c> or <c>kubernetes.io/tls</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Subject of the certificate; empty for none.</summary>
    public string Subject { get; init; } = "";

    /// <summary>DNS names that the certificate is for.</summary>
    public IReadOnlyList<string> Sans { get; init; } = [];

    /// <summary>SHA-1 of the certificate in hexadecimal, as certificates are told apart by people; empty for none.</summary>
    public string Thumbprint { get; init; } = "";

    /// <summary>When the certificate begins; null for none.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>When the certificate ends; null for none.</summary>
    public DateTime? NotAfter { get; init; }

    /// <summary>Kind of its key, such as <c>RSA</c>; empty for none.</summary>
    public string KeyAlgorithm { get; init; } = "";

    /// <summary>Bits of its key; null for none.</summary>
    public int? KeySize { get; init; }

    /// <summary>What was told to trust the certificate: webhook configurations and conversions of kinds.</summary>
    public IReadOnlyList<ResourceReference> Trusting { get; init; } = [];

    /// <summary>The controller was restarted.</summary>
    public bool Restarted { get; init; }
}
