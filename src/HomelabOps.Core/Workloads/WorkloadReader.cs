using System.Text.Json;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>Reads workloads.</summary>
internal static class WorkloadReader
{
    /// <summary>All workloads of one type, whole and as what is used of them.</summary>
    public static async Task<List<Workload>> ReadAsync(ClusterClient client, ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        var found = new List<Workload>();
        await foreach (var item in client.ListAsync(type, query, ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            // Items of a list do not say what they are.
            (item.Json["apiVersion"], item.Json["kind"]) = (type.ApiVersion, type.Kind);
            found.Add(Of(client, type, item.Json.Deserialize(WorkloadWireContext.Default.WorkloadWire)!, item.Json));
        }

        return found;
    }

    /// <summary>One workload, or null when it does not exist.</summary>
    public static async Task<Workload?> FindAsync(ClusterClient client, ResourceReference reference, CancellationToken cancellationToken) =>
        await WorkloadTypes.FindAsync(client, reference.Kind, cancellationToken) is { } type
            && await client.FindObjectAsync(type, reference.Namespace, reference.Name, cancellationToken) is { } json
                ? Of(client, type, json.Deserialize(WorkloadWireContext.Default.WorkloadWire)!, json)
                : null;

    /// <summary>Names of all workloads, for completion.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var types = await WorkloadTypes.FindAsync(client, cancellationToken);
        var names = await Task.WhenAll(types.Select(type => NameReader.NamesAsync(client, type, @namespace, cancellationToken)));
        return [.. names.SelectMany(some => some).Distinct(StringComparer.Ordinal)];
    }

    private static Workload Of(ClusterClient client, ResourceType type, WorkloadWire wire, System.Text.Json.Nodes.JsonObject json) =>
        new(type, new ResourceReference(client.Name, type.Kind, wire.Metadata.Namespace ?? "", wire.Metadata.Name), wire, json);
}
