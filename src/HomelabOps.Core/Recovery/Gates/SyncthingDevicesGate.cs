using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>No device ID is typed in Git that a rebuilt Syncthing would not have.</summary>
internal sealed class SyncthingDevicesGate : IRecoveryGate
{
    public string Name => "SyncthingDevices";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.ReplicationSource];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. facts.Of(RecoveryKinds.ReplicationSource).Where(source => source.Spec["syncthing"]?["peers"] is JsonArray peers && peers.Any(peer => Scalars.Text(peer?["ID"]) is { Length: > 0 }))
            .Select(source => $"{source.Key.Namespace}/{source.Key.Name}").Order(StringComparer.Ordinal)];
}
