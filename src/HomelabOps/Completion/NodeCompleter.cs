using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of nodes.</summary>
internal sealed class NodeCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
        NameReader.NamesAsync(client, ResourceType.Node, null, cancellationToken);
}
