using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes kinds by what the cluster serves.</summary>
internal sealed class KindCompleter : ClusterCompleter
{
    // Where two groups have a kind of the same name, the second is written with its group.
    protected override async Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
    [
        .. (await client.Discovery.AllAsync(cancellationToken))
            .GroupBy(type => type.Kind, StringComparer.OrdinalIgnoreCase)
            .SelectMany(same => same.OrderBy(type => type.Group.Length > 0).Select((type, index) => index == 0 ? type.Kind : $"{type.Kind}.{type.Group}")),
    ];
}
