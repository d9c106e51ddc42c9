using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.MetalLB;

/// <summary>Where the API server is told to call MetalLB's webhook: an entry of a ValidatingWebhookConfiguration, or the conversion of a kind.</summary>
internal sealed record WebhookCaller
{
    /// <summary>The object that says so.</summary>
    public required ResourceReference Object { get; init; }

    /// <summary>The entry; empty for a conversion.</summary>
    public string Entry { get; init; } = "";

    /// <summary>The Service that is called; empty where an address is called instead.</summary>
    public string Service { get; init; } = "";

    /// <summary>Namespace of the Service.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The host that the certificate has to be for.</summary>
    public string Host { get; init; } = "";

    /// <summary>It has a bundle, whatever is in it.</summary>
    public bool HasBundle { get; init; }

    /// <summary>What the API server trusts.</summary>
    public IReadOnlyList<X509Certificate2> Bundle { get; init; } = [];

    /// <summary>Another than MetalLB puts the bundle there: cert-manager.</summary>
    public bool IsInjected { get; init; }

    /// <summary>Where nobody answers, the API server goes on without.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What it is called in messages.</summary>
    public string Text => Entry.Length == 0 ? $"{Object.Kind} {Object.Name}" : $"{Object.Kind} {Object.Name} ({Entry})";

    /// <summary>Reads an entry.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="entry">Name of the entry; empty for a conversion.</param>
    /// <param name="client">What it calls.</param>
    /// <param name="policy">What happens where nobody answers.</param>
    public static WebhookCaller Of(ResourceReference reference, MetadataWire metadata, string entry, WebhookClientWire client, string? policy = null) => new()
    {
        Object = reference,
        Entry = entry,
        IsOptional = policy == "Ignore",
        Service = client.Service?.Name ?? "",
        Namespace = client.Service?.Namespace ?? "",
        Host = client.Service is { } service ? $"{service.Name}.{service.Namespace}.svc" : Uri.TryCreate(client.Url, UriKind.Absolute, out var url) ? url.Host : "",
        HasBundle = client.CaBundle is { Length: > 0 },
        Bundle = WebhookSecret.Certificates(client.CaBundle),
        IsInjected = metadata.Annotations?.Keys.Any(key => key.StartsWith("cert-manager.io/inject-", StringComparison.Ordinal)) == true,
    };
}
