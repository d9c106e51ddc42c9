using System.Net;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Webhooks;

namespace HomelabOps.Sandbox;

/// <summary>How the sandbox is started.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where the time of objects comes from. Timeouts of requests are of the real time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Makes uids and generated names the same in each run.</summary>
    public int? Seed { get; init; }

    /// <summary>What the server says its version is.</summary>
    public string KubernetesVersion { get; init; } = "v1.32.4";

    /// <summary>Name of the context in the kubeconfig.</summary>
    public string ContextName { get; init; } = "sandbox";

    /// <summary>Folder of the kubeconfig; by default one of the user's own, for what lives as long as the session.</summary>
    public string? RuntimeFolder { get; init; }

    /// <summary>Events that each collection remembers for watches and continue tokens.</summary>
    public int HistoryEvents { get; init; } = 4096;

    /// <summary>Whether the parts of the controller manager run that no API server can do without: garbage collection, the emptying of namespaces, default service accounts.</summary>
    public bool Housekeeping { get; init; } = true;

    /// <summary>Where the addresses of services are from; null takes any, as a copy of a cluster with another network needs.</summary>
    internal IPNetwork? ServiceNetwork { get; init; } = new(IPAddress.Parse("10.96.0.0"), 12);

    /// <summary>What answers webhooks.</summary>
    internal WebhookServers Webhooks { get; init; } = new();

    /// <summary>What answers for pods and nodes.</summary>
    internal INodeRuntime NodeRuntime { get; init; } = NoNodeRuntime.Instance;
}
