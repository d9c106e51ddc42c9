using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Volumes;

/// <summary>Reads claims and volumes, matched or not.</summary>
public static class VolumeReader
{
    /// <summary>Gives the claims by namespace and name, then the volumes without a claim.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabVolume>> ReadAsync(ClusterClient client, VolumeQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var facts = await VolumeFacts.ReadAsync(client, query.ToListQuery(), cancellationToken);
        foreach (var notice in facts.Notices)
        {
            yield return notice;
        }

        var selection = new VolumeSelection(client, query);
        var rows = new VolumeMapper(facts, query.Config, client.Name).Map().Where(selection.Accepts).ToList();
        var used = await UsedAsync(client, facts, rows, cancellationToken);
        foreach (var row in rows)
        {
            yield return used.TryGetValue((row.Namespace, row.Claim), out var use) ? row with { Used = use.Used, FileSystemSize = SharedSize(row.Capacity, use.Size) } : row;
        }

        foreach (var error in await selection.MissingAsync(cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    // Of a folder or a disk of the node the kubelet tells the filesystem that it is on. One of the volume's own is a little smaller than the volume.
    internal static long? SharedSize(long? capacity, long? size) => capacity is { } known && size is { } whole && Math.Abs(whole - known) > known / 10 ? whole : null;

    // Only kubelets know, and only of what is mounted: those are asked whose pods use one of the claims.
    private static async Task<Dictionary<(string Namespace, string Claim), (long Used, long? Size)>> UsedAsync(ClusterClient client, VolumeFacts facts, List<HomelabVolume> rows, CancellationToken cancellationToken)
    {
        var nodes = rows.Where(row => row.Claim.Length > 0).SelectMany(row => facts.Consumers[(row.Namespace, row.Claim)])
            .Select(consumer => consumer.Pod.Spec?.NodeName ?? "").Where(node => node.Length > 0 && facts.Nodes?.Any(item => item.Metadata.Name == node && NodeTerms.IsReady(item)) != false)
            .Distinct(StringComparer.Ordinal);
        var used = new Dictionary<(string Namespace, string Claim), (long Used, long? Size)>();
        foreach (var summary in await Task.WhenAll(nodes.Select(node => KubeletSummary.TryReadAsync(client, node, cancellationToken))))
        {
            foreach (var volume in (summary?.Pods ?? []).SelectMany(pod => pod.Volume ?? []))
            {
                if (volume is { PvcRef: { Name: { } claim, Namespace: { } space }, UsedBytes: { } bytes })
                {
                    used[(space, claim)] = (bytes, volume.CapacityBytes);
                }
            }
        }

        return used;
    }
}
