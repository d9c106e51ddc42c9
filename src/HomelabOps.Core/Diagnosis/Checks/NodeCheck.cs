using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Nodes that are not ready, run out of something, take no pods, are of another version than the rest, or have a wrong clock.</summary>
internal sealed class NodeCheck : IHomelabCheck
{
    public const string NotReady = "NodeNotReady";
    public const string Cordoned = "NodeCordoned";
    public const string OutOfService = "NodeOutOfService";

    // Kubelets may be so many minor versions behind the newest.
    private const int MostVersionsBehind = 3;

    // Leases are written all ten seconds, and not all are read at the same moment.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    // A node that writes no lease is not ready any more long before.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    private static readonly string[] PressureTypes = ["MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>Reasons for which a node takes no pods.</summary>
    public static IReadOnlyList<string> Unusable { get; } = [NotReady, Cordoned, OutOfService, .. PressureTypes.Select(Reason)];

    /// <summary>Reasons for which pods that run on a node come to an end.</summary>
    public static IReadOnlyList<string> Evicting { get; } = [NotReady, .. PressureTypes.Select(Reason)];

    /// <summary>Reason of a condition, such as <c>NodeDiskPressure</c>.</summary>
    public static string Reason(string pressure) => "Node" + pressure;

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var newest = (snapshot.Nodes ?? []).Select(Minor).Max();

        // In k3s the server and its own kubelet are one program.
        var server = (snapshot.Nodes ?? []).Where(IsServer).MinBy(Minor);
        foreach (var node in snapshot.Nodes ?? [])
        {
            var target = snapshot.Node(node.Metadata.Name);
            if (!NodeTerms.IsReady(node))
            {
                var ready = node.Status?.Conditions?.Find(condition => condition.Type == "Ready");
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Error, NotReady, target, ready?.Reason, ready?.Message?.TrimEnd('.'), Since(ready));
                continue;
            }

            foreach (var condition in (node.Status?.Conditions ?? []).Where(condition => PressureTypes.Contains(condition.Type) && condition.Status == "True"))
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Error, Reason(condition.Type), target, condition.Message?.TrimEnd('.'), Since(condition));
            }

            if (NodeCordon.SuspensionOf(node) is { } suspension)
            {
                yield return OfCordoned(target, suspension);
            }

            // It is given to a node that is off, and nobody takes it away when the node is back.
            if (NodeCordon.IsOutOfService(node))
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, OutOfService, target, target.Name);
            }

            if (newest - Minor(node) > MostVersionsBehind)
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeVersionSkew", target, node.Status?.NodeInfo?.KubeletVersion, newest);
            }

            if (server is not null && !IsServer(node) && Minor(node) > Minor(server))
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeVersionAhead", target, node.Status?.NodeInfo?.KubeletVersion, server.Status?.NodeInfo?.KubeletVersion);
            }

            if (OfClock(snapshot, target) is { } clock)
            {
                yield return clock;
            }
        }
    }

    // One that is meant still explains why pods wait.
    private static Symptom OfCordoned(ResourceReference target, FluxSuspension suspension) => Suspensions.IsDeliberate(suspension)
        ? Deliberate(Symptom.Of(HomelabArea.Cluster, FindingSeverity.Info, Cordoned, target, By(suspension), target.Name))
        : Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, Cordoned, target, By(suspension), target.Name).WithRepair(HomelabRepairKind.UncordonNode);

    // Repair-Homelab would only send back here.
    private static Symptom Deliberate(Symptom symptom) => symptom with { Finding = symptom.Finding with { Remedy = Errors.Text("Diagnosis_NodeCordonedRemedy_Deliberate", symptom.Finding.Name) } };

    private static Symptom? OfClock(HomelabSnapshot snapshot, ResourceReference target)
    {
        if (snapshot.Leases?.FirstOrDefault(lease => lease.Metadata.Name == target.Name)?.Spec?.RenewTime is not { } renewed)
        {
            return null;
        }

        // Of two nobody knows which is wrong, and of more the one that is ahead makes nobody late.
        var others = snapshot.Leases.Where(lease => lease.Metadata.Name != target.Name).Select(lease => lease.Spec?.RenewTime).OfType<DateTimeOffset>().Order().ToList();
        return renewed - snapshot.Now > ClockTolerance ? Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeClockAhead", target, Display.Duration(renewed - snapshot.Now))
            : others.Count > 1 && others[(others.Count - 1) / 2] - renewed is var late && late > Stale ? Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeClockBehind", target, Display.Duration(late))
            : null;
    }

    private static bool IsServer(NodeWire node) => node.Metadata.Labels?.Keys.Any(key => key is "node-role.kubernetes.io/control-plane" or "node-role.kubernetes.io/master") == true;

    // As what follows the name of the node; empty where nobody wrote anything down.
    private static string By(FluxSuspension suspension)
    {
        var since = Display.Moment(suspension.Since);
        string[] parts = [suspension.ToString(), since.Length > 0 ? $"since {since}" : ""];
        return string.Join(", ", parts.Where(part => part.Length > 0)) is { Length: > 0 } known ? $" ({known})" : "";
    }

    private static string Since(ConditionWire? condition) => Display.Moment(condition?.LastTransitionTime?.LocalDateTime);

    private static int? Minor(NodeWire node) => node.Status?.NodeInfo?.KubeletVersion?.TrimStart('v').Split('.') is [_, var minor, ..] && int.TryParse(minor, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
