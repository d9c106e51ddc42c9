using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>All gates, in the order in which people want to know of them.</summary>
internal static class FailoverGates
{
    private static readonly IFailoverGate[] All =
    [
        new SourceNodeGate(), new TargetNodeGate(), new RoomGate(), new WorkloadGate(), new BackupClaimGate(), new HomeFolderGate(), new DataCompleteGate(), new DatabaseIntegrityGate(),
        new NothingElseWritesGate(), new ReversePathGate(), new MountGate(), new ImageGate(), new SpaceGate(), new GitGate(), new FluxGate(),
    ];

    // Of an application that stays only its data goes to the other node.
    private static readonly string[] OfData = ["SourceNode", "TargetNode", "HomeFolder", DataCompleteGate.GateName, "Space", "Git", "Flux"];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(gate => gate.Name)];

    /// <summary>What all of them found; of an application that is at the target already only whether the target works.</summary>
    public static IReadOnlyList<FailoverGate> Check(FailoverCase item, FailoverFacts facts) => item.IsStranded ? [StrandedGate.Check(item, facts.Config)] : item.AtTarget ? [] : [.. All.Where(gate => !item.Stays || OfData.Contains(gate.Name, StringComparer.Ordinal)).Select(gate =>
    {
        var (passed, message) = gate.Check(item, facts);
        return new FailoverGate(gate.Name, passed, message) { CanBeOverridden = gate.CanBeOverridden(item, facts) };
    })];
}
