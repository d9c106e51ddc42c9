using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>
/// Two faults at a time, of any two sorts. What cannot be had together is no pair, and what nobody could see is not asked for; both by the
/// rules that are written down here, and by nothing else.
/// </summary>
/// <param name="First">Produced first.</param>
/// <param name="Second">Produced when the first has shown.</param>
internal sealed record FaultPair(DrawnFault First, DrawnFault Second)
{
    private static readonly string[] Lost = ["NodeDown", "NodeUnreachable", "KubeletStopped"];
    private static readonly string[] Receiving = ["SyncStuck", "SyncPermissionDenied", "SyncDiskFull"];
    private static readonly string[] Connected = [.. Receiving, "SyncPeerGone"];
    private static readonly string[] Stopping = ["BuildError", "ImmutableField"];

    // What Flux waits for, by the manifests of the embedded homelab.
    private static readonly Dictionary<string, string[]> DependsOn = new(StringComparer.Ordinal)
    {
        ["apps"] = ["infrastructure-storage", "infrastructure-traefik"],
        ["infrastructure-traefik"] = ["infrastructure-metallb"],
        ["infrastructure-metallb-config"] = ["infrastructure-metallb"],
        ["infrastructure-metallb"] = ["infrastructure-controllers"],
        ["infrastructure-storage"] = ["infrastructure-controllers"],
        ["infrastructure-controllers"] = [],
    };

    // What a pod shows that runs, or tries to.
    private static readonly string[] OfPods =
    [
        "CrashLoop", "OutOfMemory", "ImageNotFound", "ImageUnauthorized", "ImageRegistryUnreachable", "ImageRateLimited", "ConfigMapMissing", "SecretMissing",
        "ConfigMapKeyMissing", "SecretKeyMissing", "ProbeFailure", "HealthCheckFailed",
    ];

    private static readonly HashSet<string> MediaApps = [.. new HomelabPlan(new SandboxOption()).Apps.Where(app => app.Media != MediaAccess.None).Select(app => app.Name)];

    /// <summary>Draws two faults of different names, each with a target.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="targetsOf">What a fault can be for.</param>
    public static FaultPair Draw(Random random, Func<string, IReadOnlyList<string>> targetsOf)
    {
        while (true)
        {
            var (one, other) = (Draw(), Draw());
            if (one.Name != other.Name && CanBeBoth(one, other))
            {
                return Rank(one) <= Rank(other) ? new(one, other) : new(other, one);
            }
        }

        DrawnFault Draw()
        {
            var expected = ExpectedFinding.All[random.Next(ExpectedFinding.All.Count)];

            // Nothing arrives where the application writes, so nothing can get stuck there.
            var targets = targetsOf(expected.Fault).Where(target => !Receiving.Contains(expected.Fault) || target.EndsWith("-" + Roles.Backup, StringComparison.Ordinal)).ToList();
            return new(expected, HomelabFaults.Known.Single(fault => fault.Name == expected.Fault).TargetKind, targets[random.Next(targets.Count)]);
        }
    }

    /// <summary>Those that can be seen while the other one is there.</summary>
    public IReadOnlyList<DrawnFault> Visible { get; } = [.. new[] { (Fault: First, Other: Second), (Fault: Second, Other: First) }.Where(item => !Hides(item.Other, item.Fault)).Select(item => item.Fault)];

    /// <summary>Whether a finding is of one of the two. What is hidden may be found all the same.</summary>
    public bool IsOf(HomelabFinding finding) => First.Is(finding) || Second.Is(finding);

    public override string ToString() => $"{First} + {Second}";

    // A thing is broken in one way at a time: a source has one answer, a mount one state, a manifest one author, the webhook one Secret.
    // Of a Kustomization, Flux tells the first thing that is wrong, and of one that is suspended nothing.
    private static bool CanBeBoth(DrawnFault one, DrawnFault other) => one.Kind != other.Kind || one.Thing != other.Thing;

    // A commit that never arrives is no fault of a cluster, nor is a pod that cannot be made. So what stops Flux, or takes away what pods need, comes second.
    private static int Rank(DrawnFault fault) => fault switch
    {
        { Kind: FaultTargetKind.Node } => 6,
        { Kind: FaultTargetKind.Mount } => 5,
        { Kind: FaultTargetKind.GitRepository } => 4,
        { Kind: FaultTargetKind.Kustomization } => 3,
        { Kind: FaultTargetKind.Homelab } or { Name: "BuildError" } => 2,
        { Name: "ImmutableField" } => 1,
        _ => 0,
    };

    private static bool Hides(DrawnFault hiding, DrawnFault fault) => hiding switch
    {
        // Nobody hears of pods and mounts of a node that is silent, nor of a replication of which one end is there; and an upgrade that fails where its pods are lost fails for that.
        { Kind: FaultTargetKind.Node } when Lost.Contains(hiding.Name) => IsOnlyTold(fault, hiding.Target),

        // Syncthings that do not meet say nothing else.
        { Name: "NodeWalledOff" } => hiding.Target is HomelabNodes.Primary or HomelabNodes.Backup && Connected.Contains(fault.Name),

        // A node whose disk is full evicts its pods and takes none.
        { Name: "DiskPressure" } => fault.Kind != FaultTargetKind.Mount && IsOnlyTold(fault, hiding.Target),

        // A container over such a mount is not created again when it has ended.
        { Name: "NfsHung" or "NfsStale" } => hiding.Target.StartsWith(HomelabNodes.Primary, StringComparison.Ordinal) && OfPods.Contains(fault.Name) && MediaApps.Contains(fault.Target),

        // Flux does not build what waits for another one, nor look at what is suspended.
        { Kind: FaultTargetKind.Kustomization } when Stopping.Contains(fault.Name) => Waits("apps", Named(hiding)),
        { Kind: FaultTargetKind.Kustomization } when fault.Kind == FaultTargetKind.Kustomization && fault.Name != "SuspendedForgotten" => Waits(Named(fault), Named(hiding)),

        // Built before it is applied.
        { Name: "BuildError" } => fault.Name == "ImmutableField",
        _ => false,
    };

    private static bool Waits(string kustomization, string other) => kustomization == other || DependsOn[kustomization].Any(next => Waits(next, other));

    private static string Named(DrawnFault fault) => fault.Target.Split('/')[^1];

    private static bool IsOnlyTold(DrawnFault fault, string node) => fault.Kind switch
    {
        FaultTargetKind.Mount => fault.Target.StartsWith(node + ":", StringComparison.Ordinal),
        FaultTargetKind.App => node == HomelabNodes.Primary && OfPods.Contains(fault.Name),
        FaultTargetKind.HelmRelease => node == HomelabNodes.Primary,
        FaultTargetKind.ReplicationSource => node is HomelabNodes.Primary or HomelabNodes.Backup,
        _ => false,
    };
}
