using System.Collections;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Completion;

/// <summary>Completes names of the objects that the cmdlet at hand is about.</summary>
internal sealed class NameCompleter : ClusterCompleter
{
    protected override CompletionScope Scope(string command, string word, IDictionary bound)
    {
        var ofCommand = base.Scope(command, word, bound) with { Command = command };
        return word.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && char.IsAsciiLetterUpper(word[0])
            ? ofCommand with { Kind = word[..slash], IsKindInName = true }
            : ofCommand with { Kind = bound["Kind"]?.ToString() };
    }

    protected override Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken)
    {
        var noun = scope.Command[(scope.Command.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return noun switch
        {
            "HomelabApp" or "HomelabPortForward" or "HomelabRollout" => WorkloadReader.NamesAsync(client, scope.Namespace, cancellationToken),
            "HomelabVolume" or "PvcBinding" => NameReader.NamesAsync(client, VolumeTypes.Claim, scope.Namespace, cancellationToken),
            "HomelabNode" => NameReader.NamesAsync(client, ResourceType.Node, null, cancellationToken),
            "HomelabPod" or "HomelabLog" => NameReader.NamesAsync(client, ResourceType.Pod, scope.Namespace, cancellationToken),
            "HomelabObject" or "FluxObject" when scope.Kind is { } kind => NameReader.OfKindAsync(client, kind, scope.Namespace, scope.IsKindInName, cancellationToken),
            "HomelabObject" or "FluxObject" => NameReader.KindsAsync(client, cancellationToken),
            "FluxKustomization" => FluxNames.ReadAsync(client, [FluxKind.Kustomization], scope.Namespace, cancellationToken),
            "FluxHelmRelease" => FluxNames.ReadAsync(client, [FluxKind.HelmRelease], scope.Namespace, cancellationToken),
            "VolSyncStatus" or "VolSyncReplication" or "SyncthingReplication" => ReplicationNames.ReadAsync(client, scope.Namespace, cancellationToken),
            "FluxTree" => FluxNames.ReadAsync(client, [FluxKind.Kustomization, FluxKind.HelmRelease], scope.Namespace, cancellationToken),
            "FluxSource" => FluxNames.ReadAsync(client, FluxKind.Sources, scope.Namespace, cancellationToken),
            _ when noun.StartsWith("Flux", StringComparison.Ordinal) => FluxNames.ReadAsync(client, FluxKind.All, scope.Namespace, cancellationToken),
            _ => Task.FromResult<IReadOnlyList<string>>([]),
        };
    }
}
