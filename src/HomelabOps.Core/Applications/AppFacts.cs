using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Applications.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>What the cluster says of applications: workloads, pods, Services and so on, all kinds read at the same time.</summary>
internal sealed class AppFacts
{
    private const string VolSync = "volsync.backube";

    private static readonly ResourceType Service = new("", "v1", "services", "Service", true);
    private static readonly ResourceType Endpoints = new("", "v1", "endpoints", "Endpoints", true);
    private static readonly ResourceType Ingress = new("networking.k8s.io", "v1", "ingresses", "Ingress", true);

    private readonly List<Notice> _notices = [];

    public List<Workload> Workloads { get; } = [];

    public ILookup<ResourceReference?, HomelabPod> Pods { get; private set; } = Array.Empty<HomelabPod>().ToLookup(pod => pod.Owner);

    public ILookup<string, ServiceWire> Services { get; private set; } = Array.Empty<ServiceWire>().ToLookup(Space);

    public Dictionary<(string Namespace, string Name), EndpointsWire> EndpointsOf { get; private set; } = [];

    public ILookup<string, IngressWire> Ingresses { get; private set; } = Array.Empty<IngressWire>().ToLookup(Space);

    public Dictionary<(string Namespace, string Name), ClaimWire> Claims { get; private set; } = [];

    public Dictionary<string, VolumeWire> Volumes { get; private set; } = [];

    public Dictionary<string, NodeWire> Nodes { get; private set; } = [];

    /// <summary>VolSync's replications, whole, since each mover has fields of its own.</summary>
    public List<ObjectNode> Replications { get; private set; } = [];

    /// <summary>Workloads that may not be read, and warnings for what else is missing.</summary>
    public IReadOnlyList<Notice> Notices => _notices;

    /// <summary>Reads what concerns the applications of a query.</summary>
    public static async Task<AppFacts> ReadAsync(ClusterClient client, AppQuery query, CancellationToken cancellationToken)
    {
        var facts = new AppFacts();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await facts.ReadAllAsync(client, query, stop.Token);
            return facts;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task ReadAllAsync(ClusterClient client, AppQuery query, CancellationToken stop)
    {
        // What is piped in may be of any namespace, and leads to workloads of other names.
        var wanted = query.References.Count > 0 ? new ListQuery() : query.Objects.ToListQuery();
        var beside = new ListQuery { Namespace = wanted.Namespace };
        var workloads = ReadWorkloadsAsync(client, wanted, stop);
        var pods = ReadPodsAsync(client, beside, stop);
        var services = ListAsync(client, Service, beside, AppWireContext.Default.ServiceWire, stop);
        var endpoints = ListAsync(client, Endpoints, beside, AppWireContext.Default.EndpointsWire, stop);
        var ingresses = ListAsync(client, Ingress, beside, AppWireContext.Default.IngressWire, stop);
        var claims = ListAsync(client, VolumeTypes.Claim, beside, VolumeWireContext.Default.ClaimWire, stop);
        var volumes = ListAsync(client, VolumeTypes.Volume, new(), VolumeWireContext.Default.VolumeWire, stop);
        var nodes = ListAsync(client, ResourceType.Node, new(), WireContext.Default.NodeWire, stop);
        var replications = ReadReplicationsAsync(client, beside, stop);
        Workloads.AddRange(await workloads);
        Pods = (await pods).ToLookup(pod => pod.Owner);
        Services = (await services).ToLookup(Space);
        EndpointsOf = (await endpoints).ToDictionary(item => (Space(item), item.Metadata.Name));
        Ingresses = (await ingresses).ToLookup(Space);
        Claims = (await claims).ToDictionary(item => (Space(item), item.Metadata.Name));
        Volumes = (await volumes).ToDictionary(item => item.Metadata.Name);
        Nodes = (await nodes).ToDictionary(item => item.Metadata.Name);
        Replications = await replications;
    }

    private static string Space(ObjectWire item) => item.Metadata.Namespace ?? "";

    private async Task<IEnumerable<Workload>> ReadWorkloadsAsync(ClusterClient client, ListQuery query, CancellationToken cancellationToken)
    {
        var types = await WorkloadTypes.FindAsync(client, cancellationToken);
        var reads = await Task.WhenAll(types.Select(type => ReadKindAsync(client, type, query, cancellationToken)));
        return reads.SelectMany(read => read)
            .OrderBy(workload => workload.Reference.Namespace, StringComparer.Ordinal).ThenBy(workload => workload.Reference.Name, StringComparer.Ordinal);
    }

    private async Task<List<Workload>> ReadKindAsync(ClusterClient client, ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await WorkloadReader.ReadAsync(client, type, query, cancellationToken);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            Tell(new FailureNotice(error));
            return [];
        }
    }

    private async Task<List<HomelabPod>> ReadPodsAsync(ClusterClient client, ListQuery query, CancellationToken cancellationToken)
    {
        var pods = new List<HomelabPod>();
        try
        {
            var every = new ObjectFilter(new ObjectQuery());
            await foreach (var (pod, owner) in PodReader.ReadWiresAsync(client, query, every, new PodReader.JobOwners(client), cancellationToken))
            {
                pods.Add(PodMapper.Map(pod, client.Name, owner));
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            TellDenied(client, ResourceType.Pod);
        }

        return pods;
    }

    private async Task<List<ObjectNode>> ReadReplicationsAsync(ClusterClient client, ListQuery query, CancellationToken cancellationToken)
    {
        var served = await client.Discovery.ResourcesAsync([VolSync], cancellationToken);
        var reads = await Task.WhenAll(served.Where(type => type.Kind is "ReplicationSource" or "ReplicationDestination").Select(async type =>
        {
            var items = await ListAsync(client, type.Type, query, ObjectNodeContext.Default.ObjectNode, cancellationToken);
            items.ForEach(item => item.Json["kind"] = type.Kind);
            return items;
        }));
        return [.. reads.SelectMany(read => read)];
    }

    // Applications are worth having without what may not be read of them.
    private async Task<List<T>> ListAsync<T>(ClusterClient client, ResourceType type, ListQuery query, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : ObjectWire
    {
        var items = new List<T>();
        try
        {
            await foreach (var item in client.ListAsync(type, query, json, cancellationToken: cancellationToken))
            {
                items.Add(item);
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            TellDenied(client, type);
        }

        return items;
    }

    private void TellDenied(ClusterClient client, ResourceType type) => Tell(new WarningNotice(Errors.Text("AppPartNotRead", type.QualifiedName, client.Name)));

    private void Tell(Notice notice)
    {
        lock (_notices)
        {
            _notices.Add(notice);
        }
    }
}
