using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>What the pods of a node have against another one: its ports of the node, and what pods say of each other.</summary>
/// <param name="snapshot">The cluster.</param>
internal sealed class NeighbourObstacles(HomelabSnapshot snapshot)
{
    private const string AllAddresses = "0.0.0.0";
    private const string UsualProtocol = "TCP";

    private readonly Lazy<List<PodFacts>> _placed = new(() => [.. (snapshot.Pods ?? []).Where(pod => pod.Node.Length > 0 && !pod.HasEnded)]);
    private readonly Lazy<Dictionary<string, NodeWire>> _nodes = new(() => (snapshot.Nodes ?? []).ToDictionary(node => node.Metadata.Name));
    private readonly Lazy<Dictionary<string, NamespaceWire>> _spaces = new(() => (snapshot.Namespaces ?? []).ToDictionary(space => space.Metadata.Name));

    /// <summary>What speaks against a node.</summary>
    public IEnumerable<NodeObstacle> Of(PodFacts pod, NodeWire node) => [.. Ports(pod, node), .. Apart(pod, node), .. Together(pod, node)];

    private IEnumerable<NodeObstacle> Ports(PodFacts pod, NodeWire node) =>
        from port in HostPorts(pod)
        let holder = _placed.Value.Find(other => other.Node == node.Metadata.Name && HostPorts(other).Any(taken => IsSame(port, taken)))
        where holder is not null
        select new NodeObstacle(NodeObstacleKind.Port, Errors.Text("Obstacle_Port", port.HostPort, holder.Reference));

    // Both count: the pod does not go to those that it keeps away from, and those keep it away from them.
    private IEnumerable<NodeObstacle> Apart(PodFacts pod, NodeWire node)
    {
        var own = from term in Terms(Affinity(pod)?.PodAntiAffinity)
                  let other = _placed.Value.Find(other => IsNear(term, other, node) && IsMeant(term, pod, other))
                  where other is not null
                  select new NodeObstacle(NodeObstacleKind.Neighbour, Errors.Text("Obstacle_AntiAffinity", other.Reference));
        var others = from other in _placed.Value
                     where Terms(Affinity(other)?.PodAntiAffinity).Any(term => IsNear(term, other, node) && IsMeant(term, other, pod))
                     select new NodeObstacle(NodeObstacleKind.Neighbour, Errors.Text("Obstacle_AntiAffinityOfOther", other.Reference));
        return own.Concat(others.Take(1));
    }

    // The first pod of those that go together has nobody to go to.
    private IEnumerable<NodeObstacle> Together(PodFacts pod, NodeWire node) =>
        from term in Terms(Affinity(pod)?.PodAffinity)
        where !_placed.Value.Exists(other => IsNear(term, other, node) && IsMeant(term, pod, other))
            && !(IsMeant(term, pod, pod) && node.Metadata.Label(term.TopologyKey) is not null && !_placed.Value.Exists(other => IsMeant(term, pod, other)))
        select new NodeObstacle(NodeObstacleKind.Neighbour, Errors.Text("Obstacle_PodAffinity", Describe(term.LabelSelector)));

    private static IEnumerable<DiagnosedPortWire> HostPorts(PodFacts pod) =>
        pod.Containers.Where(item => !item.IsInit || item.Container.RestartPolicy == "Always").SelectMany(item => item.Container.Ports ?? []).Where(port => port.HostPort > 0);

    private static bool IsSame(DiagnosedPortWire one, DiagnosedPortWire other) => one.HostPort == other.HostPort
        && (one.Protocol ?? UsualProtocol) == (other.Protocol ?? UsualProtocol)
        && (Address(one) == Address(other) || Address(one) == AllAddresses || Address(other) == AllAddresses);

    private static string Address(DiagnosedPortWire port) => string.IsNullOrEmpty(port.HostIP) ? AllAddresses : port.HostIP;

    private static AffinityWire? Affinity(PodFacts pod) => pod.Wire.Spec?.Affinity;

    private static List<PodTermWire> Terms(PodAffinityWire? affinity) => affinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];

    // Whether a pod is where the term counts for the node, such as on it, or in its zone.
    private bool IsNear(PodTermWire term, PodFacts placed, NodeWire node) =>
        node.Metadata.Label(term.TopologyKey) is { } place && _nodes.Value.GetValueOrDefault(placed.Node)?.Metadata.Label(term.TopologyKey) == place;

    // Without any word of namespaces that of the pod counts which has the term.
    private bool IsMeant(PodTermWire term, PodFacts owner, PodFacts other) => Holds(term.LabelSelector, other.Wire.Metadata.Labels)
        && ((term.Namespaces ?? []).Contains(other.Reference.Namespace)
            || (term.NamespaceSelector is { } spaces && Holds(spaces, _spaces.Value.GetValueOrDefault(other.Reference.Namespace)?.Metadata.Labels))
            || (term is { Namespaces: null or { Count: 0 }, NamespaceSelector: null } && owner.Reference.Namespace == other.Reference.Namespace));

    private static bool Holds(PodSelectorWire? selector, Dictionary<string, string>? labels) => selector is not null
        && (selector.MatchLabels ?? []).All(label => labels?.GetValueOrDefault(label.Key) == label.Value)
        && (selector.MatchExpressions ?? []).TrueForAll(expression => NodeTerms.Holds(expression, labels));

    private static string Describe(PodSelectorWire? selector) =>
        string.Join(", ", (selector?.MatchLabels ?? []).Select(label => $"{label.Key}={label.Value}").Concat((selector?.MatchExpressions ?? []).Select(NodeTerms.Describe)));
}
