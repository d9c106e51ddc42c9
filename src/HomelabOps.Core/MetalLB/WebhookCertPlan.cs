namespace HomelabOps.Core.MetalLB;

/// <summary>What shall be done to the webhook's Secret, and to those who call the webhook.</summary>
internal sealed record WebhookCertPlan
{
    public const string Tls = "kubernetes.io/tls";
    public const string Opaque = "Opaque";

    public required MetalLBWebhookFacts Facts { get; init; }

    public required string SecretName { get; init; }

    public required WebhookCertOptions Options { get; init; }

    public WebhookCertAction Action { get; init; }

    /// <summary>The Secret as it is; null when it is not there.</summary>
    public WebhookSecret? Present { get; init; }

    /// <summary>It gets a certificate, and is not left to the controller.</summary>
    public bool WantsCertificate { get; init; }

    /// <summary>Type of the Secret.</summary>
    public string Type { get; init; } = Opaque;

    /// <summary>Who calls the webhook and has to be told to trust the certificate, since nobody else does that.</summary>
    public IReadOnlyList<WebhookCaller> Callers { get; init; } = [];

    /// <summary>What the user ought to know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The Secret.</summary>
    public ResourceReference Secret => new(Facts.Cluster, MetalLBTypes.Secret.Kind, Facts.Namespace, SecretName);

    /// <summary>The controller; null when there is none.</summary>
    public ResourceReference? Controller => Facts.Controller is { } controller ? new(Facts.Cluster, MetalLBTypes.Deployment.Kind, Facts.Namespace, controller.Name) : null;

    /// <summary>It changes nothing.</summary>
    public bool IsIdle => Action == WebhookCertAction.Keep && Callers.Count == 0;

    /// <summary>The hosts that a certificate is made for: what is called, and the name that the settings say.</summary>
    public IReadOnlyList<string> Hosts => [.. Facts.CalledHosts.Prepend(Facts.Host).Distinct(StringComparer.Ordinal)];
}
