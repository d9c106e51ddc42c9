using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Reads only the names of objects, for completion.</summary>
internal static class NameReader
{
    public const string MetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

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

    private static IAsyncEnumerable<PartialObjectWire> MetadataAsync(ClusterClient client, ResourceType type, string? @namespace, CancellationToken cancellationToken) =>
        client.ListAsync(
            type,
            new ObjectQuery { Namespaces = @namespace is null ? [] : [@namespace] }.ToListQuery(),
            WireContext.Default.PartialObjectWire,
            accept: MetadataOnly,
            cancellationToken: cancellationToken);
}
