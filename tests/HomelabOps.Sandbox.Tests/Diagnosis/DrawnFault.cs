using HomelabOps.Core.Drills;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>A fault with what it is for, and what has to be found.</summary>
/// <param name="Expected">The fault, and its finding.</param>
/// <param name="Kind">What sort of thing it is for.</param>
/// <param name="Target">The thing.</param>
internal sealed record DrawnFault(DrillScenario Expected, FaultTargetKind Kind, string Target)
{
    public string Name => Expected.Fault;

    /// <summary>The thing that is broken. Both sides of a replication are one: what is wrong with one is told of the other.</summary>
    public string Thing => Kind switch
    {
        FaultTargetKind.Homelab => "",
        FaultTargetKind.ReplicationSource => Roles.All.Aggregate(Target, (target, role) => target.EndsWith("-" + role, StringComparison.Ordinal) ? target[..^(role.Length + 1)] : target),
        _ => Target,
    };

    /// <summary>How far the clock jumps at a time until it shows; what runs once a night takes longer than what runs each hour.</summary>
    public TimeSpan Step => Kind == FaultTargetKind.ReplicationSource && Thing == Target ? TimeSpan.FromMinutes(30) : Expected.Step;

    /// <summary>Whether a finding is what has to be found. Where two nodes are left that do not reach each other, it may be either.</summary>
    public bool Is(HomelabFinding finding) => Expected.Is(finding, Thing) || (Name == "NodeWalledOff" && finding.Reason == Expected.Reason && finding.Message.Contains(Thing, StringComparison.Ordinal));

    public override string ToString() => $"{Name}({Target})";
}
