using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>No claim is deleted with its data, neither by Flux nor with its volume.</summary>
internal sealed class VolumesGate : IRecoveryGate
{
    public string Name => "Volumes";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.PersistentVolume, RecoveryKinds.PersistentVolumeClaim];

    private const string Prune = "kustomize.toolkit.fluxcd.io/prune";

    public IReadOnlyList<string> Missing(RecoveryFacts facts)
    {
        var volumes = facts.Of(RecoveryKinds.PersistentVolume).ToDictionary(volume => volume.Key.Name, StringComparer.Ordinal);
        return [.. facts.Of(RecoveryKinds.PersistentVolumeClaim).Where(claim => claim.Metadata["ownerReferences"] is null).Select(claim => Describe(claim, facts, volumes)).OfType<string>().Order(StringComparer.Ordinal)];
    }

    private static string? Describe(LiveItem claim, RecoveryFacts facts, Dictionary<string, LiveItem> volumes)
    {
        var name = $"{claim.Key.Namespace}/{claim.Key.Name}";
        var isPruned = facts.Applied.Contains(claim.Key) && claim.Annotation(Prune) != "disabled";
        var volume = Scalars.Text(claim.Spec["volumeName"]);
        var isDeleted = volume is not null && volumes.TryGetValue(volume, out var found) && Scalars.Text(found.Spec["persistentVolumeReclaimPolicy"]) == "Delete";
        return (isPruned, isDeleted) switch
        {
            (true, true) => Errors.Text("Detail_RecoveryVolumeBoth", name),
            (true, false) when string.IsNullOrEmpty(volume) => Errors.Text("Detail_RecoveryVolumeEmpty", name),
            (true, false) => Errors.Text("Detail_RecoveryVolumePruned", name),
            (false, true) => Errors.Text("Detail_RecoveryVolumeDeleted", name),
            _ => null,
        };
    }
}
