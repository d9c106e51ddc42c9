using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Secrets;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>
/// What a cluster said at one time, read once for all checks. What could not be read is null, and nothing is concluded from it.
/// </summary>
internal sealed class HomelabSnapshot
{
    /// <summary>Name of the connection.</summary>
    public required string Cluster { get; init; }

    /// <summary>The time by the cluster's own clock, as far as it is ahead of ours.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The settings.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>What the API server could not be asked for, but that it was forbidden.</summary>
    public IReadOnlyList<(string What, HomelabException Error)> Failures { get; init; } = [];

    /// <summary>What nothing is known of, of what was looked at: what would be found there has neither come nor gone.</summary>
    public IReadOnlySet<UnreadPart> Unread { get; init; } = new HashSet<UnreadPart>();

    /// <summary>How long the server took for a small list; null where it gave none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The server, or something before it, ends watches at once.</summary>
    public bool CutsWatches { get; init; }

    public IReadOnlyList<NodeWire>? Nodes { get; init; }

    public IReadOnlyList<NamespaceWire>? Namespaces { get; init; }

    public IReadOnlyList<LeaseWire>? Leases { get; init; }

    public IReadOnlyList<PodFacts>? Pods { get; init; }

    public IReadOnlyList<WorkloadFacts>? Workloads { get; init; }

    public IReadOnlyList<JobWire>? Jobs { get; init; }

    /// <summary>Claims, volumes and classes; null where claims or volumes could not be read.</summary>
    public VolumeFacts? Storage { get; init; }

    public IReadOnlySet<(string Namespace, string Name)>? ConfigMaps { get; init; }

    public IReadOnlySet<(string Namespace, string Name)>? Secrets { get; init; }

    public IReadOnlySet<(string Namespace, string Name)>? ServiceAccounts { get; init; }

    public IReadOnlyList<ServiceWire>? Services { get; init; }

    public IReadOnlyList<EndpointsWire>? Endpoints { get; init; }

    public IReadOnlyList<IngressWire>? Ingresses { get; init; }

    public IReadOnlySet<string>? IngressClasses { get; init; }

    /// <summary>Objects of Flux; empty where it is not installed.</summary>
    public IReadOnlyList<FluxResource>? Flux { get; init; }

    /// <summary>Replications of VolSync; empty where it is not installed.</summary>
    public IReadOnlyList<ReplicationStatus>? Replications { get; init; }

    /// <summary>What the Syncthings said; null where they were not asked.</summary>
    public IReadOnlyList<SyncthingStatus>? Syncthings { get; init; }

    /// <summary>Syncthings that lack something and receive nothing.</summary>
    public IReadOnlySet<ResourceReference> Stalled { get; init; } = new HashSet<ResourceReference>();

    /// <summary>How mounts are; null where nodes were not looked at.</summary>
    public IReadOnlyList<NfsMountStatus>? Mounts { get; init; }

    /// <summary>What nodes reach of each other; null where nobody looked.</summary>
    public IReadOnlyList<NodeLink>? Links { get; init; }

    /// <summary>What is broken of it.</summary>
    public IReadOnlyList<LinkBreak> Breaks => field ??= LinkBreak.Of(this);

    /// <summary>How the webhook of MetalLB is; null where there is none, or it was not looked at.</summary>
    public MetalLBWebhookStatus? Webhook { get; init; }

    /// <summary>Its Secret; null where there is none, or it could not be read.</summary>
    public WebhookSecret? WebhookSecret { get; init; }

    /// <summary>Warnings by what they are about, the newest first. Read only where something is not well.</summary>
    public ILookup<ResourceReference, EventWire> Warnings { get; init; } = Array.Empty<EventWire>().ToLookup(_ => new ResourceReference(null, "", "", ""));

    /// <summary>The last lines of the run before, by pod and container.</summary>
    public IReadOnlyDictionary<(ResourceReference Pod, string Container), IReadOnlyList<string>> LastWords { get; init; } = new Dictionary<(ResourceReference, string), IReadOnlyList<string>>();

    /// <summary>Keys of ConfigMaps and Secrets that pods which are not well ask for.</summary>
    public IReadOnlyDictionary<ResourceReference, IReadOnlySet<string>> Keys { get; init; } = new Dictionary<ResourceReference, IReadOnlySet<string>>();

    /// <summary>What Traefik puts before applications; empty where it is not installed.</summary>
    public IReadOnlyList<MiddlewareWire>? Middlewares { get; init; }

    /// <summary>API groups that have a kind for these; null where the server could not be asked for its kinds.</summary>
    public IReadOnlySet<string>? MiddlewareGroups { get; init; }

    /// <summary>Bytes that containers have in memory, by namespace, pod and container; null where nobody measures, or where it was not asked for.</summary>
    public IReadOnlyDictionary<(string Namespace, string Pod, string Container), long>? MemoryUsage { get; init; }

    /// <summary>Certificates of the connection and of Ingresses; null where they were not asked for.</summary>
    public IReadOnlyList<CertificateFacts>? Certificates { get; init; }

    /// <summary>Pools of MetalLB; empty where it is not installed.</summary>
    public IReadOnlyList<AddressPoolWire>? AddressPools { get; init; }

    /// <summary>What commits took away, by the Services that lead nowhere since; empty where the repository is not known.</summary>
    public IReadOnlyDictionary<(string Namespace, string Service), DeletedManifest> Deleted { get; init; } = new Dictionary<(string, string), DeletedManifest>();

    /// <summary>Operations of this cluster that were left half way.</summary>
    public IReadOnlyList<OpenOperation> Operations { get; init; } = [];

    /// <summary>Secrets that the repository shows; null where it was not looked at.</summary>
    public RepositorySecrets? RepositorySecrets { get; init; }

    /// <summary>Files of the repository that set Flux to work, where the cluster has no object of it.</summary>
    public IReadOnlyList<string> FluxOfRepository { get; init; } = [];

    /// <summary>A reference to an object of this cluster.</summary>
    public ResourceReference Reference(string kind, string @namespace, string name) => new(Cluster, kind, @namespace, name);

    /// <summary>A node.</summary>
    public ResourceReference Node(string name) => Reference("Node", "", name);

    /// <summary>A mount of a node, which can be wrong while the node is well.</summary>
    public ResourceReference Mount(string node, string path) => Reference("Mount", node, path);
}
