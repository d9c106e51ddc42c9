using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>
/// Tells why no node takes a pod: joins it with its claims, their volumes, the nodes' labels, taints, state and what is left of them, and the
/// pods that are there. The scheduler only counts nodes.
/// </summary>
internal sealed class SchedulingExplainer(HomelabSnapshot snapshot)
{
    // Taints that say again what a condition, or a cordon, says.
    private static readonly HashSet<string> StateTaints = [.. new[] { "not-ready", "unreachable", "unschedulable", "memory-pressure", "disk-pressure", "pid-pressure" }.Select(name => "node.kubernetes.io/" + name)];

    private readonly NeighbourObstacles _neighbours = new(snapshot);
    private readonly Lazy<Dictionary<string, (double Cpu, double Memory)>> _used = new(() => Used(snapshot));
    private readonly Lazy<Dictionary<(string Namespace, string Name), ClaimWire>> _claims = new(() => (snapshot.Storage?.Claims ?? []).ToDictionary(claim => (claim.Metadata.Namespace ?? "", claim.Metadata.Name)));
    private readonly Lazy<Dictionary<string, VolumeWire>> _volumes = new(() => (snapshot.Storage?.Volumes ?? []).ToDictionary(volume => volume.Metadata.Name));

    /// <summary>What is wrong with a pod that has no node.</summary>
    public PodProblem Explain(PodFacts pod)
    {
        var claims = pod.ToConsumer()?.Claims ?? [];
        var space = pod.Reference.Namespace;
        if (snapshot.Storage is not null && claims.FirstOrDefault(claim => !_claims.Value.ContainsKey((space, claim))) is { } absent)
        {
            return new(FindingSeverity.Error, "ClaimMissing", absent);
        }

        var unbound = claims.Where(claim => _claims.Value.GetValueOrDefault((space, claim)) is { } found && found.Status?.Phase != "Bound" && !WaitsForPod(found)).ToList();
        var nodes = (snapshot.Nodes ?? []).Select(node => (node.Metadata.Name, Obstacles: Obstacles(pod, node, claims).ToList())).ToList();
        var waiting = nodes.FindAll(node => node.Obstacles.Count > 0 && node.Obstacles.TrueForAll(obstacle => obstacle.Kind == NodeObstacleKind.State));
        return new(FindingSeverity.Error, unbound.Count > 0 || waiting.Count > 0 ? "Unschedulable" : Reason(nodes.ConvertAll(node => node.Obstacles)), "")
        {
            Words = string.Join("; ", nodes.Where(node => node.Obstacles.Count > 0).Select(node => $"{node.Name}: {string.Join(", ", node.Obstacles.Select(obstacle => obstacle.Text))}")) is { Length: > 0 } text ? text : pod.Condition("PodScheduled")?.Message ?? "",
            Causes =
            [
                .. unbound.Select(claim => new Cause(pod.Reference with { Kind = VolumeTypes.Claim.Kind, Name = claim })),
                .. waiting.Select(node => new Cause(snapshot.Node(node.Name), NodeCheck.Unusable)),
            ],
            Evidence = [pod.Condition("PodScheduled")?.Message ?? ""],
        };
    }

    // It is bound when a node takes the pod: sent from one to the other nobody would get anywhere.
    private bool WaitsForPod(ClaimWire claim) => ClaimCheck.OfConsumer.Contains(BindingExplainer.Explain(claim, snapshot.Storage!, snapshot.Cluster).Reason);

    // By what all nodes have against it; where they differ, by what the nodes say that come furthest. Those that have the volume know best, unless the pod asks for others.
    private static string Reason(List<List<NodeObstacle>> nodes)
    {
        var kinds = nodes.Where(obstacles => obstacles.Count > 0).Select(obstacles => obstacles.Select(obstacle => obstacle.Kind).ToHashSet()).ToList();
        if (kinds.Count == 0 || kinds.Count < nodes.Count)
        {
            return "Unschedulable";
        }

        if (kinds.Exists(kind => kind.Contains(NodeObstacleKind.Volume)) && kinds.FindAll(kind => !kind.Contains(NodeObstacleKind.Volume) && !kind.Contains(NodeObstacleKind.Selector)) is { Count: > 0 } there)
        {
            kinds = there;
        }

        return kinds.Exists(kind => kind.SetEquals([NodeObstacleKind.Resources])) ? "InsufficientResources"
            : kinds.Exists(kind => kind.SetEquals([NodeObstacleKind.Volume])) ? "VolumeElsewhere"
            : kinds.TrueForAll(kind => kind.Contains(NodeObstacleKind.Selector) || kind.Contains(NodeObstacleKind.Taint)) ? "NoNodeMatches"
            : "Unschedulable";
    }

    private static Dictionary<string, (double Cpu, double Memory)> Used(HomelabSnapshot snapshot) => (snapshot.Pods ?? [])
        .Where(pod => pod.Node.Length > 0 && !pod.HasEnded)
        .GroupBy(pod => pod.Node, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(pod => PodResources.Of(pod.ToPod())).Aggregate((Cpu: 0.0, Memory: 0.0), (sum, pod) => (sum.Cpu + (pod.CpuRequest ?? 0), sum.Memory + (pod.MemoryRequest ?? 0))));

    private IEnumerable<NodeObstacle> Obstacles(PodFacts pod, NodeWire node, IReadOnlyList<string> claims)
    {
        var spec = pod.Wire.Spec ?? new();
        foreach (var condition in (node.Status?.Conditions ?? []).Where(condition => condition.Type == "Ready" ? condition.Status != "True" : condition.Status == "True" && NodeCheck.Unusable.Contains(NodeCheck.Reason(condition.Type))))
        {
            yield return new(NodeObstacleKind.State, Errors.Text(condition.Type == "Ready" ? "Obstacle_NotReady" : "Obstacle_Pressure", condition.Type));
        }

        if (node.Spec?.Unschedulable == true)
        {
            yield return new(NodeObstacleKind.State, Errors.Text("Obstacle_Cordoned"));
        }

        foreach (var taint in (node.Spec?.Taints ?? []).Where(taint => taint.Effect != "PreferNoSchedule" && !StateTaints.Contains(taint.Key) && !NodeTaints.IsTolerated(spec.Tolerations, taint)))
        {
            yield return new(taint.Key == NodeCordon.OutOfService ? NodeObstacleKind.State : NodeObstacleKind.Taint, Errors.Text("Obstacle_Taint", string.IsNullOrEmpty(taint.Value) ? taint.Key : $"{taint.Key}={taint.Value}"));
        }

        foreach (var (label, wanted) in (spec.NodeSelector ?? []).Where(label => node.Metadata.Label(label.Key) != label.Value))
        {
            yield return new(NodeObstacleKind.Selector, node.Metadata.Label(label) is { } value ? Errors.Text("Obstacle_Label", label, wanted, value) : Errors.Text("Obstacle_NoLabel", label, wanted));
        }

        if (spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is { } affinity && !NodeTerms.Select(affinity, node))
        {
            yield return new(NodeObstacleKind.Selector, Errors.Text("Obstacle_Affinity", NodeTerms.Describe(affinity)));
        }

        foreach (var volume in claims.Select(claim => VolumeOf(pod.Reference.Namespace, claim)).OfType<VolumeWire>().Where(volume => !NodeTerms.Select(volume.Spec?.NodeAffinity?.Required, node)))
        {
            yield return new(NodeObstacleKind.Volume, Errors.Text("Obstacle_Volume", volume.Metadata.Name, NodeTerms.Describe(volume.Spec?.NodeAffinity?.Required)));
        }

        foreach (var obstacle in _neighbours.Of(pod, node).Concat(Shortages(pod, node)))
        {
            yield return obstacle;
        }
    }

    private VolumeWire? VolumeOf(string @namespace, string claim) =>
        _claims.Value.GetValueOrDefault((@namespace, claim))?.Spec?.VolumeName is { Length: > 0 } name ? _volumes.Value.GetValueOrDefault(name) : null;

    private IEnumerable<NodeObstacle> Shortages(PodFacts pod, NodeWire node)
    {
        // A node that has never reported has not said that it has nothing.
        if (node.Status?.Allocatable is not { Count: > 0 })
        {
            yield break;
        }

        var (wanted, used, allocatable) = (PodResources.Of(pod.ToPod()), _used.Value.GetValueOrDefault(node.Metadata.Name), NodeMapper.Resources(node.Status?.Allocatable));
        if (wanted.CpuRequest is { } cpu && used.Cpu + cpu > allocatable.Cpu)
        {
            yield return new(NodeObstacleKind.Resources, Errors.Text("Obstacle_Cpu", Display.Cpu(cpu), Display.Cpu(Math.Max(0, allocatable.Cpu - used.Cpu))));
        }

        if (wanted.MemoryRequest is { } memory && used.Memory + memory > allocatable.Memory)
        {
            yield return new(NodeObstacleKind.Resources, Errors.Text("Obstacle_Memory", Display.Bytes((long)memory), Display.Bytes((long)Math.Max(0, allocatable.Memory - used.Memory))));
        }
    }
}
