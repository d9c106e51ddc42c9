using HomelabOps.Core.Drills;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>What has to be found for each fault of the embedded homelab: what the drills count on.</summary>
internal static class ExpectedFinding
{
    public static IReadOnlyList<DrillScenario> All { get; } = [.. DrillCatalog.All.Where(scenario => scenario.Fault == scenario.Name)];
}
