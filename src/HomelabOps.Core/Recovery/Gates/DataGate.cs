using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>The data of every claim is somewhere else as well.</summary>
internal sealed class DataGate : IRecoveryGate
{
    public string Name => "Data";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.PersistentVolume, RecoveryKinds.PersistentVolumeClaim, RecoveryKinds.ReplicationSource];

    public IReadOnlyList<string> Missing(RecoveryFacts facts)
    {
        var volumes = facts.Of(RecoveryKinds.PersistentVolume).ToDictionary(volume => volume.Key.Name, StringComparer.Ordinal);
        var copied = ClaimCopies.Copied(facts);
        return [.. facts.Of(RecoveryKinds.PersistentVolumeClaim).Where(claim => claim.Metadata["ownerReferences"] is null && !ClaimCopies.IsCopy(claim, facts) && !copied.ContainsKey((claim.Key.Namespace, claim.Key.Name)))
            .Select(claim => $"{claim.Key.Namespace}/{claim.Key.Name}{Place(volumes.GetValueOrDefault(Scalars.Text(claim.Spec["volumeName"]) ?? ""))}").Order(StringComparer.Ordinal)];
    }

    private static string Place(LiveItem? volume) => (Scalars.Text(volume?.Spec["hostPath"]?["path"]) ?? Scalars.Text(volume?.Spec["local"]?["path"])) is { } path ? $" ({path})" : "";
}
