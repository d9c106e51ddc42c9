using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>What a cluster says of storage, all kinds read at the same time. What may not be read is null, and nothing is concluded from it.</summary>
internal sealed class VolumeFacts
{
    private readonly List<Notice> _notices = [];

    /// <summary>Claims of the namespaces that were asked for.</summary>
    public IReadOnlyList<ClaimWire> Claims { get; init; } = [];

    public IReadOnlyList<VolumeWire> Volumes { get; init; } = [];

    public IReadOnlyList<StorageClassWire>? Classes { get; private set; }

    public IReadOnlyList<NodeWire>? Nodes { get; private set; }

    /// <summary>Pods that use claims and have not ended, by the claim; empty when they may not be read.</summary>
    public ILookup<(string Namespace, string Claim), Consumer> Consumers { get; private set; } = Array.Empty<Consumer>().ToLookup(consumer => ("", ""));

    /// <summary>Pods could be read.</summary>
    public bool KnowsConsumers { get; private set; }

    /// <summary>Warnings for what may not be read.</summary>
    public IReadOnlyList<Notice> Notices => _notices;

    /// <summary>Makes facts of what is known without a cluster.</summary>
    public static VolumeFacts Of(
        IReadOnlyList<ClaimWire> claims, IReadOnlyList<VolumeWire> volumes, IReadOnlyList<StorageClassWire>? classes, IReadOnlyList<NodeWire>? nodes, IReadOnlyList<Consumer>? consumers) => new()
        {
            Claims = claims,
            Volumes = volumes,
            Classes = classes,
            Nodes = nodes,
            KnowsConsumers = consumers is not null,
            Consumers = ByClaim(consumers ?? []),
        };

    /// <summary>Reads them.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which claims, as far as the server can choose.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">AccessDenied: claims or volumes may not be read.</exception>
    public static async Task<VolumeFacts> ReadAsync(ClusterClient client, ListQuery query, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var claims = ListAsync(client, VolumeTypes.Claim, query, VolumeWireContext.Default.ClaimWire, stop.Token);
            var volumes = ListAsync(client, VolumeTypes.Volume, new(), VolumeWireContext.Default.VolumeWire, stop.Token);
            var classes = TryListAsync(client, VolumeTypes.Class, new(), VolumeWireContext.Default.StorageClassWire, stop.Token);
            var nodes = TryListAsync(client, ResourceType.Node, new(), WireContext.Default.NodeWire, stop.Token);
            var pods = ReadConsumersAsync(client, query.Namespace, stop.Token);
            var facts = new VolumeFacts { Claims = await claims, Volumes = await volumes, Classes = await classes, Nodes = await nodes };
            var consumers = await pods;
            (facts.KnowsConsumers, facts.Consumers) = (consumers is not null, ByClaim(consumers ?? []));
            foreach (var (type, isUnread) in new[] { (VolumeTypes.Class, facts.Classes is null), (ResourceType.Node, facts.Nodes is null), (ResourceType.Pod, consumers is null) })
            {
                if (isUnread)
                {
                    facts._notices.Add(new WarningNotice(Errors.Text("VolumePartNotRead", type.QualifiedName, client.Name)));
                }
            }

            return facts;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static ILookup<(string Namespace, string Claim), Consumer> ByClaim(IReadOnlyList<Consumer> consumers) =>
        consumers.SelectMany(consumer => consumer.Claims.Select(claim => (claim, consumer))).ToLookup(pair => (pair.consumer.Pod.Metadata.Namespace ?? "", pair.claim), pair => pair.consumer);

    private static async Task<List<Consumer>?> ReadConsumersAsync(ClusterClient client, string? space, CancellationToken cancellationToken)
    {
        if (await TryListAsync(client, ResourceType.Pod, new ListQuery { Namespace = space }, VolumeWireContext.Default.ConsumerWire, cancellationToken) is not { } pods)
        {
            return null;
        }

        var (owners, consumers) = (new PodReader.JobOwners(client), new List<Consumer>());
        foreach (var pod in pods.Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed")))
        {
            if (Consumer.ClaimsOf(pod) is { Count: > 0 } claims)
            {
                consumers.Add(new(pod, claims, Ownership.App(await owners.TopAsync(pod.Metadata, cancellationToken), pod.Metadata)));
            }
        }

        return consumers;
    }

    private static async Task<List<T>?> TryListAsync<T>(ClusterClient client, ResourceType type, ListQuery query, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : ObjectWire
    {
        try
        {
            return await ListAsync(client, type, query, json, cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return null;
        }
    }

    private static async Task<List<T>> ListAsync<T>(ClusterClient client, ResourceType type, ListQuery query, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : ObjectWire
    {
        var items = new List<T>();
        await foreach (var item in client.ListAsync(type, query, json, cancellationToken: cancellationToken))
        {
            items.Add(item);
        }

        return items;
    }
}
