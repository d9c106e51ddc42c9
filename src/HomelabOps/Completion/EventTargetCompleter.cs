using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes what events are about.</summary>
internal sealed class EventTargetCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
        NameReader.EventTargetsAsync(client, scope.Namespace, cancellationToken);
}
