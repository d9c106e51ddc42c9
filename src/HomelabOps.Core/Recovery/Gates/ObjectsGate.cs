namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Every object that people make is applied by Flux, or at least in Git.</summary>
internal sealed class ObjectsGate : IRecoveryGate
{
    public string Name => "Objects";

    public IReadOnlyList<string> Kinds => [];

    // They have gates of their own, and what Flux is told by hand comes back with its own manifests.
    private static readonly string[] Others = ["Secret", "Node"];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. facts.Items.Where(kind => !Others.Contains(kind.Key, StringComparer.Ordinal)).SelectMany(kind => kind.Value)
            .Where(item => !item.IsMade && !facts.IsInGit(item) && !IsBoundDynamically(item)).Select(item => item.ToString()).Order(StringComparer.Ordinal)];

    // Volumes of a class are made for their claims.
    private static bool IsBoundDynamically(LiveItem item) => item.Key.Kind == "PersistentVolume" && item.Annotation("pv.kubernetes.io/provisioned-by") is not null;
}
