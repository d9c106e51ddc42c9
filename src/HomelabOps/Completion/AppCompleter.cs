using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of applications.</summary>
internal sealed class AppCompleter : ClusterCompleter
{
    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, string commandName, string? @namespace, CancellationToken cancellationToken) =>
        NameReader.AppsAsync(client, @namespace, cancellationToken);
}
