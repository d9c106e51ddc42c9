using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Where the data of claims is copied to.</summary>
internal static class ClaimCopies
{
    /// <summary>Methods that keep former states, so that what is deleted can be had again.</summary>
    public static IReadOnlyList<string> BackupMethods { get; } = ["restic", "rclone"];

    private static readonly string[] Methods = ["restic", "rclone", "rsync", "rsyncTLS", "syncthing", "external"];

    /// <summary>The methods by which VolSync copies each claim.</summary>
    public static IReadOnlyDictionary<(string Namespace, string Name), HashSet<string>> Copied(RecoveryFacts facts) =>
        facts.Of(RecoveryKinds.ReplicationSource).Where(source => Scalars.Text(source.Spec["sourcePVC"]) is { Length: > 0 })
            .GroupBy(source => (source.Key.Namespace, Scalars.Text(source.Spec["sourcePVC"])!))
            .ToDictionary(group => group.Key, group => group.SelectMany(source => Methods.Where(method => source.Spec[method] is not null)).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether a claim is the copy of another one, by its name.</summary>
    public static bool IsCopy(LiveItem claim, RecoveryFacts facts) => new ClaimPattern(facts.Config.BackupClaimPattern).AppOf(claim.Key.Name) is not null;
}
