using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults;

/// <summary>A fault with what makes it.</summary>
/// <param name="Fault">What is said of it.</param>
/// <param name="Targets">What it can be switched on for in a homelab, the usual one first; empty where it can not.</param>
/// <param name="BreakAsync">Brings it about for a target.</param>
internal sealed record FaultDefinition(HomelabFault Fault, Func<HomelabPlan, IEnumerable<string>> Targets, Func<FaultScene, string, CancellationToken, Task<IFaultEffect>> BreakAsync);
