namespace HomelabOps.Core.MetalLB;

/// <summary>What the webhook's Secret shall be.</summary>
internal sealed record WebhookCertOptions
{
    /// <summary>Name of the Secret; null for the one that the controller wants.</summary>
    public string? SecretName { get; init; }

    /// <summary>True for a certificate, false for an empty Secret; null for what suits the controller.</summary>
    public bool? WantsCertificate { get; init; }

    /// <summary>Days that a certificate holds.</summary>
    public int ValidDays { get; init; } = 3650;

    /// <summary>Bits of its keys.</summary>
    public int KeySize { get; init; } = 4096;

    /// <summary>What is there is made anew, even when it is good.</summary>
    public bool Force { get; init; }

    /// <summary>What is there is made anew where it is faulty, and kept where it is good.</summary>
    public bool ReplaceFaulty { get; init; }
}
