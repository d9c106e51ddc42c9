using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Nodes that are not ready, run out of something, take no pods, are of another version than the rest, or have a wrong clock.</summary>
internal sealed class NodeCheck : IHomelabCheck
{
    public const string NotReady = "NodeNotReady";
    public const string Cordoned = "NodeCordoned";

    // Kubelets may be so many minor versions behind the newest.
    private const int MostVersionsBehind = 3;

    // Leases are written all ten seconds, and not all are read at the same moment.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly string[] PressureTypes = ["MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>Reasons for which a node takes no pods.</summary>
    public static IReadOnlyList<string> Unusable { get; } = [NotReady, Cordoned, .. PressureTypes.Select(Reason)];

    /// <summary>Reason of a condition, such as <c>NodeDiskPressure</c>.</summary>
    public static string Reason(string pressure) => "Node" + pressure;

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var newest = (snapshot.Nodes ?? []).Select(Minor).Max();
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
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, Cordoned, target, By(suspension)).WithRepair(HomelabRepairKind.UncordonNode);
            }

            if (newest - Minor(node) > MostVersionsBehind)
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeVersionSkew", target, node.Status?.NodeInfo?.KubeletVersion, newest);
            }

            if (snapshot.Leases?.FirstOrDefault(lease => lease.Metadata.Name == node.Metadata.Name)?.Spec?.RenewTime is { } renewed && renewed - snapshot.Now > ClockTolerance)
            {
                yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NodeClockAhead", target, Display.Duration(renewed - snapshot.Now));
            }
        }
    }

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
