using HomelabOps.Sandbox.Faults.Causes;

namespace HomelabOps.Sandbox.Faults;

/// <summary>All faults that there are.</summary>
internal static class FaultCatalog
{
    public static IReadOnlyList<FaultDefinition> All { get; } =
        [.. NodeFaults.All, .. FluxFaults.All, .. PodFaults.All, .. ClaimFaults.All, .. ReplicationFaults.All, .. MetalLBFaults.All, .. WireFaults.All];
}
