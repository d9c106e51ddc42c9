using HomelabOps.Core.Databases;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>What the gates look at, read once for all applications.</summary>
internal sealed record FailoverFacts
{
    /// <summary>Name of the connection.</summary>
    public required string Cluster { get; init; }

    /// <summary>The settings.</summary>
    public required HomelabConfig Config { get; init; }

    /// <summary>What is to be done.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>The old node is alive, and the application is stopped there first.</summary>
    public bool Planned => Kind != OperationKind.Failover;

    /// <summary>Open operations of this user whose holds this one shares, since its commit stays in the clone as well; empty for one that pushes.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>The nodes by name.</summary>
    public required IReadOnlyDictionary<string, NodeWire> Nodes { get; init; }

    /// <summary>The applications that are moved together.</summary>
    public required IReadOnlyList<FailoverCase> Cases { get; init; }

    /// <summary>All pods.</summary>
    public required IReadOnlyList<(PodWire Pod, ResourceReference? Owner)> Pods { get; init; }

    /// <summary>All applications.</summary>
    public required IReadOnlyList<HomelabApp> Apps { get; init; }

    /// <summary>Workloads that a HorizontalPodAutoscaler scales.</summary>
    public IReadOnlySet<ResourceReference> Autoscaled { get; init; } = new HashSet<ResourceReference>();

    /// <summary>Objects of Flux on the way to each application, or why they are not known.</summary>
    public IReadOnlyDictionary<ResourceReference, (IReadOnlyList<FluxResource> Chain, HomelabException? Failure)> Flux { get; init; } = new Dictionary<ResourceReference, (IReadOnlyList<FluxResource>, HomelabException?)>();

    /// <summary>What Git would change for each application, or why it cannot be changed.</summary>
    public IReadOnlyDictionary<ResourceReference, (GitOpsChange? Change, HomelabException? Failure)> Changes { get; init; } = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)>();

    /// <summary>The branch that the working copy has, or whose remote branch it follows; empty where there is no working copy, or none is known.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Mounts of the targets; null where none was looked at.</summary>
    public IReadOnlyList<NfsMountStatus>? Mounts { get; init; }

    /// <summary>Images by node: empty for one that is there, else why it cannot be had.</summary>
    public IReadOnlyDictionary<(string Node, string Image), string> Images { get; init; } = new Dictionary<(string, string), string>();

    /// <summary>What each target said.</summary>
    public IReadOnlyDictionary<string, TargetFacts> Targets { get; init; } = new Dictionary<string, TargetFacts>();

    /// <summary>Databases in the copies by node, or why nobody looked at them.</summary>
    public IReadOnlyDictionary<string, (IReadOnlyList<DatabaseVerdict>? Found, HomelabException? Unlooked)> Databases { get; init; } = new Dictionary<string, (IReadOnlyList<DatabaseVerdict>?, HomelabException?)>();

    /// <summary>The time now.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UtcNow;
}
