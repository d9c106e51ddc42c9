using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication;

/// <summary>Reads only the names of replications, for completion.</summary>
internal static class ReplicationNames
{
    public static async Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, string? @namespace, CancellationToken cancellationToken)
    {
        var types = await ReplicationTypes.FindAsync(client, cancellationToken);
        var reads = await Task.WhenAll(new[] { types.Source, types.Destination }.OfType<ResourceType>().Select(type => NameReader.NamesAsync(client, type, @namespace, cancellationToken)));
        return [.. reads.SelectMany(names => names).Distinct(StringComparer.Ordinal)];
    }
}
