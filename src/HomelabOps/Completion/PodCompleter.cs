using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of pods.</summary>
internal sealed class PodCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
        NameReader.NamesAsync(client, ResourceType.Pod, scope.Namespace, cancellationToken);
}
