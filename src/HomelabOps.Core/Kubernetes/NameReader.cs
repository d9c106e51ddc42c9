using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Reads only the names of objects, for completion.</summary>
internal static class NameReader
{
    public const string MetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    /// <summary>As <see cref="MetadataOnly"/>, for a single object.</summary>
    public const string MetadataOfOne = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    public static async Task<IReadOnlyList<string>> NamesAsync(ClusterClient client, ResourceType type, string? @namespace, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var item in MetadataAsync(client, type, @namespace, cancellationToken))
        {
            names.Add(item.Metadata.Name);
        }

        return names;
    }

    /// <summary>Names of the applications that have pods.</summary>
    public static async Task<IReadOnlyList<string>> AppsAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in MetadataAsync(client, ResourceType.Pod, @namespace, cancellationToken))
        {
            names.Add(Ownership.App(Ownership.Top(item.Metadata, client.Name), item.Metadata));
        }

        names.Remove("");
        return [.. names];
    }

    /// <summary>Names of the containers of all pods.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var pod in client.ListAsync(ResourceType.Pod, In(@namespace), WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            names.UnionWith(LogContainers.Names(pod));
        }

        return [.. names];
    }

    /// <summary>What events are about, as <c>Kind/namespace/name</c>.</summary>
    public static async Task<IReadOnlyList<string>> EventTargetsAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var targets = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var wire in client.ListAsync(ResourceType.Event, In(@namespace), WireContext.Default.EventWire, cancellationToken: cancellationToken))
        {
            if (EventMapper.Map(wire, client.Name).Target is { } target)
            {
                targets.Add(target.ToString());
            }
        }

        return [.. targets];
    }

    /// <summary>All kinds with the slash that a name follows.</summary>
    public static async Task<IReadOnlyList<string>> KindsAsync(ClusterClient client, CancellationToken cancellationToken) =>
        [.. (await client.Discovery.AllAsync(cancellationToken)).Select(type => type.Kind + "/").Distinct(StringComparer.Ordinal)];

    /// <summary>Names of the objects of a kind, or with their kind and namespace in front.</summary>
    public static async Task<IReadOnlyList<string>> OfKindAsync(ClusterClient client, string kind, string? @namespace, bool withKind, CancellationToken cancellationToken)
    {
        if (KindNames.Candidates(await client.Discovery.AllAsync(cancellationToken), kind) is not [var found, ..])
        {
            return [];
        }

        var names = new List<string>();
        await foreach (var item in MetadataAsync(client, found.Type, @namespace, cancellationToken))
        {
            names.Add(withKind ? new ResourceReference(null, kind, item.Metadata.Namespace ?? "", item.Metadata.Name).ToString() : item.Metadata.Name);
        }

        return names;
    }

    private static ListQuery In(string? @namespace) => new ObjectQuery { Namespaces = @namespace is null ? [] : [@namespace] }.ToListQuery();

    private static IAsyncEnumerable<PartialObjectWire> MetadataAsync(ClusterClient client, ResourceType type, string? @namespace, CancellationToken cancellationToken) =>
        client.ListAsync(
            type,
            In(@namespace),
            WireContext.Default.PartialObjectWire,
            accept: MetadataOnly,
            cancellationToken: cancellationToken);
}
