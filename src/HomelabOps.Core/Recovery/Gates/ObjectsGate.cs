namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Every object that people make is applied by Flux, or at least in Git.</summary>
internal sealed class ObjectsGate : IRecoveryGate
{
    public string Name => "Objects";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. facts.Items.Where(kind => kind.Key != RecoveryKinds.Node).SelectMany(kind => kind.Value).Where(item => !facts.ComesBack(item) && !IsBoundDynamically(item))
            .Select(Describe).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // A release is one thing, whatever it consists of. Other Secrets have a gate of their own.
    private static string? Describe(LiveItem item) => HelmOrigins.ReleaseOf(item) is var (space, name) ? $"Release/{space}/{name}" : item.Key.IsSecret ? null : item.ToString();

    // Volumes of a class are made for their claims, and contents of snapshots for these.
    private static bool IsBoundDynamically(LiveItem item) => (item.Key.Kind == "PersistentVolume" && item.Annotation("pv.kubernetes.io/provisioned-by") is not null)
        || (item.Key.Kind == "VolumeSnapshotContent" && item.Key.Name.StartsWith("snapcontent-", StringComparison.Ordinal));
}
