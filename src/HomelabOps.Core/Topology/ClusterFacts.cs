using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Topology;

/// <summary>Reads from the cluster what the topology is discovered from.</summary>
internal static class ClusterFacts
{
    private static readonly ResourceType[] Core =
    [
        ResourceType.Node,
        ResourceType.Namespace,
        ResourceType.Pod,
        new("", "v1", "persistentvolumes", "PersistentVolume", false),
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true),
    ];

    /// <summary>Adds the cluster's objects, all kinds read at the same time. A kind that may not be read is a warning.</summary>
    public static async Task<IReadOnlyList<Notice>> ReadAsync(ClusterClient client, TopologyFacts facts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var further = FindFurtherAsync(client, stop.Token);
        var reads = Core.Select(type => ReadKindAsync(client, type, stop.Token)).ToList();
        var notices = new List<Notice>();
        try
        {
            var (types, isUnknown) = await further;
            reads.AddRange(types.Select(type => ReadKindAsync(client, type, stop.Token)));
            foreach (var (type, items, isDenied) in await Task.WhenAll(reads))
            {
                items.ForEach(facts.Add);
                if (isDenied)
                {
                    notices.Add(new WarningNotice(Errors.Text("TopologyNotRead", type.QualifiedName, client.Name)));
                }
            }

            if (isUnknown)
            {
                notices.Add(new WarningNotice(Errors.Text("TopologyNotDiscovered", client.Name)));
            }

            return notices;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    // Flux and MetalLB are known here by the names of their kinds only: what they mean is their own domains' business.
    private static async Task<(IReadOnlyList<ResourceType> Types, bool IsUnknown)> FindFurtherAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        try
        {
            var served = await client.Discovery.ResourcesAsync(["kustomize.toolkit.fluxcd.io", "metallb.io"], cancellationToken);
            return ([.. served.Where(type => type.Kind is "Kustomization" or "IPAddressPool").Select(type => type.Type)], false);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return ([], true);
        }
    }

    private static async Task<(ResourceType Type, List<TopologyObjectWire> Items, bool IsDenied)> ReadKindAsync(ClusterClient client, ResourceType type, CancellationToken cancellationToken)
    {
        var items = new List<TopologyObjectWire>();
        try
        {
            await foreach (var item in client.ListAsync(type, new ListQuery(), TopologyWireContext.Default.TopologyObjectWire, cancellationToken: cancellationToken))
            {
                // The items of a list do not say what they are.
                (item.Kind, item.ApiVersion) = (type.Kind, type.ApiVersion);
                items.Add(item);
            }

            return (type, items, false);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return (type, items, true);
        }
    }
}
