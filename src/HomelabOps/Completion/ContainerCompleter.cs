using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of containers.</summary>
internal sealed class ContainerCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
        NameReader.ContainersAsync(client, scope.Namespace, cancellationToken);
}
