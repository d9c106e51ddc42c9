using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of applications.</summary>
internal sealed class AppCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken) =>
        NameReader.AppsAsync(client, scope.Namespace, cancellationToken);
}
