using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Pods that want to be beside others, or not to be. Only what is required counts.</summary>
internal sealed class PodAffinity
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private readonly JsonObject _pod;
    private readonly List<(JsonObject Pod, JsonObject Node)> _placed;

    /// <param name="pod">The pod that is to be placed.</param>
    /// <param name="placed">The pods that are.</param>
    /// <param name="node">A node by its name.</param>
    public PodAffinity(JsonObject pod, PlacedPods placed, Func<string, JsonObject?> node)
    {
        _pod = pod;

        // Most pods have no such wishes, and then only those are looked through that have.
        _placed = [.. placed.All(choosyOnly: !IsChoosy(pod)).Select(other => (other.Pod, Node: node(other.Node))).Where(other => other.Node is not null).Select(other => (other.Pod, other.Node!))];
    }

    /// <summary>Whether a pod has wishes about other pods.</summary>
    public static bool IsChoosy(JsonObject pod) => Terms(pod, "podAffinity").Any() || Terms(pod, "podAntiAffinity").Any();

    /// <summary>Why a node is not one for the pod; null when it is.</summary>
    public string? Refusal(JsonObject node) =>
        Terms(_pod, "podAffinity").Any(term => !_placed.Exists(other => Meets(term, _pod, other.Pod) && SameTopology(term, node, other.Node)) && !IsFirst(term)) ? "node(s) didn't match pod affinity rules"
        : Terms(_pod, "podAntiAffinity").Any(term => _placed.Exists(other => Meets(term, _pod, other.Pod) && SameTopology(term, node, other.Node))) ? "node(s) didn't match pod anti-affinity rules"
        : _placed.Exists(other => Terms(other.Pod, "podAntiAffinity").Any(term => Meets(term, other.Pod, _pod) && SameTopology(term, node, other.Node))) ? "node(s) didn't satisfy existing pods anti-affinity rules"
        : null;

    private static IEnumerable<JsonObject> Terms(JsonObject pod, string kind) => Cells.Items(Cells.At(pod, "spec.affinity")?[kind], Required);

    private static bool Meets(JsonObject term, JsonObject owner, JsonObject other)
    {
        var spaces = (term["namespaces"] as JsonArray ?? []).Select(space => (string?)space).ToList();
        var space = ObjectName.Of(other).Namespace;
        return (spaces.Count == 0 && term["namespaceSelector"] is null ? space == ObjectName.Of(owner).Namespace : spaces.Contains(space) || term["namespaceSelector"] is not null)
            && LabelMatch.Selects(term["labelSelector"], other["metadata"]?["labels"] as JsonObject);
    }

    private static bool SameTopology(JsonObject term, JsonObject left, JsonObject right)
    {
        var key = Cells.Text(term, "topologyKey");
        return Label(left) is { } value && value == Label(right);

        string? Label(JsonObject node) => (string?)node["metadata"]?["labels"]?[key];
    }

    // The first of a group that wants to be together has to go somewhere.
    private bool IsFirst(JsonObject term) => !_placed.Exists(other => Meets(term, _pod, other.Pod)) && Meets(term, _pod, _pod);
}
