namespace HomelabOps;

/// <summary>Whether MetalLB's webhook works, and if not, what the first cause is. It is named after the controller.</summary>
public sealed record MetalLBWebhookStatus : HomelabRecord
{
    /// <summary>Image of the controller; empty when there is none.</summary>
    public string Image { get; init; } = "";

    /// <summary>The Secret that the controller mounts for its webhook; empty for none.</summary>
    public string SecretName { get; init; } = "";

    /// <summary>The Secret that the version and the arguments of the controller ask for.</summary>
    public string ExpectedSecretName { get; init; } = "";

    /// <summary>The Secret that is asked for is there; null when that may not be read.</summary>
    public bool? SecretExists { get; init; }

    /// <summary>The Service that the certificate is for.</summary>
    public string ServiceName { get; init; } = "";

    /// <summary>Addresses behind the Service that are ready; null when that is not known.</summary>
    public int? ReadyEndpoints { get; init; }

    /// <summary>The controller makes and renews the certificate itself.</summary>
    public bool Rotation { get; init; }

    /// <summary>What the controller does about its webhook: <c>enabled</c>, <c>disabled</c> or <c>onlywebhook</c>.</summary>
    public string WebhookMode { get; init; } = "";

    /// <summary>Nothing is wrong.</summary>
    public bool Healthy { get; init; }

    /// <summary>The first cause, in one word; empty when all is well.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the certificate ends; null when there is none that could be read.</summary>
    public DateTime? NotAfter { get; init; }

    /// <summary>DNS names that the certificate is for.</summary>
    public IReadOnlyList<string> Sans { get; init; } = [];

    /// <summary>Whoever calls the webhook trusts its certificate; null when there is nothing to compare.</summary>
    public bool? CaMatches { get; init; }

    /// <summary>The controller has a pod that is ready.</summary>
    public bool ControllerReady { get; init; }

    /// <summary>The server took a pool of addresses that was only tried, or the webhook answered and refused it; null when it was not tried.</summary>
    public bool? DryRun { get; init; }

    /// <summary>The reason in a sentence; empty when all is well.</summary>
    public string Message { get; init; } = "";

    /// <summary>What to do; empty when all is well.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>What may be done instead, by Repair-Homelab -Choice with the finding that Test-Homelab has of it.</summary>
    public IReadOnlyList<HomelabRepairAction> Choices { get; init; } = [];
}
