using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>Completes names of the objects that the cmdlet at hand is about.</summary>
internal sealed class NameCompleter : ClusterCompleter
{
    protected override string Scope(string commandName) => commandName;

    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, string commandName, string? @namespace, CancellationToken cancellationToken)
    {
        var noun = commandName[(commandName.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return noun switch
        {
            "HomelabNode" => NameReader.NamesAsync(client, ResourceType.Node, null, cancellationToken),
            "HomelabPod" or "HomelabLog" => NameReader.NamesAsync(client, ResourceType.Pod, @namespace, cancellationToken),
            "FluxKustomization" => FluxNames.ReadAsync(client, [FluxKind.Kustomization], @namespace, cancellationToken),
            "FluxHelmRelease" => FluxNames.ReadAsync(client, [FluxKind.HelmRelease], @namespace, cancellationToken),
            "FluxSource" => FluxNames.ReadAsync(client, FluxKind.Sources, @namespace, cancellationToken),
            _ when noun.StartsWith("Flux", StringComparison.Ordinal) => FluxNames.ReadAsync(client, FluxKind.All, @namespace, cancellationToken),
            _ => Task.FromResult<IReadOnlyList<string>>([]),
        };
    }
}
