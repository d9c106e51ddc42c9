using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.MetalLB;

/// <summary>What the cluster says of MetalLB's webhook. What may not be read is null, and nothing is concluded from it.</summary>
internal sealed record MetalLBWebhookFacts
{
    public required string Cluster { get; init; }

    /// <summary>Where MetalLB is, or was looked for.</summary>
    public required string Namespace { get; init; }

    public bool? NamespaceExists { get; init; }

    public bool IsNamespaceTerminating { get; init; }

    /// <summary>The controller; null when there is none.</summary>
    public MetalLBController? Controller { get; init; }

    /// <summary>Why its pods are not ready; empty when they are, or nobody says.</summary>
    public string PodTrouble { get; init; } = "";

    /// <summary>Names of the Secrets of the namespace, as far as they matter.</summary>
    public IReadOnlySet<string>? SecretNames { get; init; }

    /// <summary>The Secret that the controller wants; null when it is not there or may not be read.</summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>What applies that Secret from Git; null for nothing.</summary>
    public ResourceReference? Applier { get; init; }

    /// <summary>What the controller may do in its namespace.</summary>
    public AccountRights? Rights { get; init; }

    /// <summary>What it may do with objects that are in no namespace.</summary>
    public AccountRights? ClusterRights { get; init; }

    /// <summary>Who calls the webhook.</summary>
    public IReadOnlyList<WebhookCaller>? Callers { get; init; }

    /// <summary>What it is called through.</summary>
    public IReadOnlyList<WebhookService>? Services { get; init; }

    /// <summary>The server has MetalLB's own kinds.</summary>
    public bool HasKinds { get; init; }

    /// <summary>There are peers of BGP, whose versions the webhook converts.</summary>
    public bool? UsesBgp { get; init; }

    /// <summary>Whether a pool can be made; null when that was not tried.</summary>
    public PoolTrial? Trial { get; init; }

    /// <summary>Warnings for what may not be read.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>What these are about.</summary>
    public IReadOnlyCollection<ResourceType> Unread { get; init; } = [];

    /// <summary>The controller's settings, or those of a present version where there is none.</summary>
    public ControllerSettings Settings => Controller?.Settings ?? ControllerSettings.Usual;

    /// <summary>The host that the certificate is for by the settings.</summary>
    public string Host => $"{Settings.Service}.{Namespace}.svc";

    /// <summary>The hosts that are called; by the settings where nothing says another.</summary>
    public IReadOnlyList<string> CalledHosts => [.. (Callers ?? []).Select(caller => caller.Host).Where(host => host.Length > 0).DefaultIfEmpty(Host).Distinct(StringComparer.Ordinal)];
}
