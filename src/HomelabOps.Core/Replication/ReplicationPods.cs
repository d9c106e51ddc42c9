using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication;

/// <summary>What the pods of a cluster say of replications: who moves data, and whose data it is.</summary>
internal sealed class ReplicationPods
{
    private readonly Dictionary<(string Namespace, string Controller), List<HomelabPod>> _movers = [];
    private readonly Dictionary<(string Namespace, string Claim), List<HomelabPod>> _users = [];
    private readonly Dictionary<(string Namespace, string Pod), string> _apps = [];

    /// <summary>Whether pods were read. Where not, nothing is concluded from their absence.</summary>
    public bool IsKnown { get; private set; } = true;

    /// <summary>That they were not read, and why; empty where they were, and where whoever tried has told it.</summary>
    public IReadOnlyList<Notice> Notices { get; private set; } = [];

    /// <summary>What pods say that were read for something else.</summary>
    /// <param name="cluster">Name of the connection.</param>
    /// <param name="pods">All pods with what owns them; null where they could not be read.</param>
    /// <param name="reason">Why they could not; null where that is told already.</param>
    public static ReplicationPods Of(string cluster, IEnumerable<(PodWire Pod, ResourceReference? Owner)>? pods, string? reason = null)
    {
        var found = new ReplicationPods { IsKnown = pods is not null, Notices = pods is null && reason is not null ? [Unread(reason)] : [] };
        foreach (var (pod, owner) in pods ?? [])
        {
            found.Add(cluster, pod, owner);
        }

        return found;
    }

    /// <summary>Reads the pods that are of VolSync or use a claim.</summary>
    public static async Task<ReplicationPods> ReadAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var found = new ReplicationPods();
        try
        {
            var owners = new PodReader.JobOwners(client);
            await foreach (var pod in client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = @namespace }, WireContext.Default.PodWire, cancellationToken: cancellationToken))
            {
                if (Matters(pod))
                {
                    found.Add(client.Name, pod, await owners.TopAsync(pod.Metadata, cancellationToken));
                }
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            found.IsKnown = false;
            found.Notices = [Unread(error.Message)];
        }

        return found;
    }

    /// <summary>Pods that move the data of a replication.</summary>
    public IReadOnlyList<HomelabPod> MoversOf(string @namespace, string controller) => _movers.GetValueOrDefault((@namespace, controller)) ?? [];

    /// <summary>Pods other than VolSync's that use a claim.</summary>
    public IReadOnlyList<HomelabPod> UsersOf(string @namespace, string claim) => _users.GetValueOrDefault((@namespace, claim)) ?? [];

    /// <summary>Whether a pod is of an application, and uses data of it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="app">The application.</param>
    public bool IsOf(ResourceReference pod, string app) => _apps.TryGetValue((pod.Namespace, pod.Name), out var own) && own == app;

    /// <summary>Claims that a pod mounts.</summary>
    public static IReadOnlyList<string> ClaimsOf(PodWire pod) => [.. (pod.Spec?.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()];

    private static WarningNotice Unread(string reason) => new(Errors.Text("ReplicationPodsNotRead", reason));

    private static bool IsMover(PodWire pod) => pod.Metadata.Label(MoverNames.CreatedBy) == MoverNames.Creator;

    private static bool Matters(PodWire pod) => IsMover(pod) || pod.Spec?.Volumes?.Exists(volume => volume.PersistentVolumeClaim is not null) == true;

    private void Add(string cluster, PodWire wire, ResourceReference? owner)
    {
        if (!Matters(wire))
        {
            return;
        }

        var pod = PodMapper.Map(wire, cluster, owner);
        if (IsMover(wire))
        {
            Add(_movers, (pod.Namespace, owner?.Name ?? ""), pod);
            return;
        }

        _apps[(pod.Namespace, pod.Name)] = pod.App;
        foreach (var claim in ClaimsOf(wire))
        {
            Add(_users, (pod.Namespace, claim), pod);
        }
    }

    private static void Add(Dictionary<(string, string), List<HomelabPod>> all, (string, string) key, HomelabPod pod)
    {
        if (!all.TryGetValue(key, out var pods))
        {
            all[key] = pods = [];
        }

        pods.Add(pod);
    }
}
