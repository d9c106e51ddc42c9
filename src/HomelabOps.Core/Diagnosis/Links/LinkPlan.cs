using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>What nodes are asked for: the kubelets of each other, and the Syncthings that their own ones talk to.</summary>
internal static class LinkPlan
{
    private const int KubeletPort = 10250;
    private const int SyncthingPort = 22000;

    // More would only ask the same network again.
    private const int MostNodes = 8;
    private const int MostPeers = 32;

    /// <summary>The links between nodes that are ready; none where there is only one.</summary>
    public static IReadOnlyList<NodeLink> Of(IReadOnlyList<NodeWire> nodes, IReadOnlyList<ReplicationStatus> replications, IReadOnlyList<ServiceWire> services)
    {
        var ready = nodes.Where(node => NodeTerms.IsReady(node) && Address(node) is not null).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal).ToList();
        if (ready.Count < 2)
        {
            return [];
        }

        var names = ready.Select(node => node.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var peers = Peers(replications, services).Where(link => names.Contains(link.From) && names.Contains(link.To)).GroupBy(link => link.From).SelectMany(group => group.Take(MostPeers));
        return [.. ready.SelectMany((node, index) => Around(ready, index).Select(other => Kubelet(node, other))), .. peers];
    }

    // Itself and those that follow it, in a ring: each is asked by as many as it asks.
    private static IEnumerable<NodeWire> Around(List<NodeWire> nodes, int index) => Enumerable.Range(0, Math.Min(nodes.Count, MostNodes + 1)).Select(step => nodes[(index + step) % nodes.Count]);

    private static NodeLink Kubelet(NodeWire from, NodeWire to) =>
        new(from.Metadata.Name, to.Metadata.Name, Address(to)!, to.Status?.DaemonEndpoints?.KubeletEndpoint?.Port is > 0 and var port ? port : KubeletPort);

    private static string? Address(NodeWire node) => node.Status?.Addresses?.Find(address => address.Type == "InternalIP")?.Address;

    // From where the partner runs. One that does not run, or has no Service, is for others to tell of.
    private static IEnumerable<NodeLink> Peers(IReadOnlyList<ReplicationStatus> replications, IReadOnlyList<ServiceWire> services)
    {
        var known = replications.ToDictionary(replication => replication.Reference);
        var byName = services.ToDictionary(service => (service.Metadata.Namespace ?? "", service.Metadata.Name));
        foreach (var replication in replications.Where(each => each is { Method: "syncthing", Partner: not null }))
        {
            if (NodeOf(replication) is { } node && known.GetValueOrDefault(replication.Partner!) is { } partner && NodeOf(partner) is { } from && from != node
                && byName.GetValueOrDefault((replication.Namespace, MoverNames.DataService(replication.Name)))?.Spec is { ClusterIP: { Length: > 0 } address and not "None" } spec)
            {
                yield return new(from, node, address, spec.Ports?.Find(port => port.Protocol is null or "TCP")?.Port is > 0 and var port ? port : SyncthingPort) { Peer = replication.Reference };
            }
        }
    }

    private static string? NodeOf(ReplicationStatus replication) => replication.Pods.FirstOrDefault(pod => pod is { Ready: true, Node.Length: > 0 })?.Node;
}
