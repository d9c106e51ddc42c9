using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>Reads only the names of Flux' objects, for completion.</summary>
internal static class FluxNames
{
    public static async Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, IReadOnlyList<string> kinds, string? @namespace, CancellationToken cancellationToken)
    {
        var served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
        var names = await Task.WhenAll(served.Where(type => kinds.Contains(type.Kind))
            .Select(type => NameReader.NamesAsync(client, type.Type, @namespace, cancellationToken)));
        return [.. names.SelectMany(list => list)];
    }
}
