using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>How evenly pods of a kind are spread over nodes, zones and the like.</summary>
/// <param name="Label">The label of nodes whose values are the domains.</param>
/// <param name="MaxSkew">How many more than the emptiest domain another may have.</param>
/// <param name="IsRequired">Whether a node that breaks it cannot be had; else it is a wish.</param>
/// <param name="Selector">Which pods are counted; null for none.</param>
internal sealed record SpreadConstraint(string Label, long MaxSkew, bool IsRequired, JsonObject? Selector)
{
    /// <summary>The label by which each node is a domain of its own.</summary>
    public const string HostLabel = "kubernetes.io/hostname";

    private const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Domains that there must be; with fewer the emptiest counts as having no pod.</summary>
    public long MinDomains { get; private init; } = 1;

    /// <summary>Only nodes count that the pod chooses.</summary>
    public bool HonorsAffinity { get; private init; } = true;

    /// <summary>Only nodes count whose taints the pod bears.</summary>
    public bool HonorsTaints { get; private init; }

    /// <summary>What a pod says itself.</summary>
    public static IReadOnlyList<SpreadConstraint> Of(JsonObject pod) => [.. Cells.Items(pod, "spec.topologySpreadConstraints").Select(item =>
        new SpreadConstraint(Cells.Text(item, "topologyKey"), Cells.Number(item, "maxSkew"), Cells.Text(item, "whenUnsatisfiable") != "ScheduleAnyway", SelectorOf(item, pod))
        {
            MinDomains = Math.Max(1, Cells.Number(item, "minDomains")),
            HonorsAffinity = Cells.Text(item, "nodeAffinityPolicy") != "Ignore",
            HonorsTaints = Cells.Text(item, "nodeTaintsPolicy") == "Honor",
        })];

    /// <summary>What is wished for pods that say nothing.</summary>
    public static IReadOnlyList<SpreadConstraint> Usual(JsonObject selector) => [new(HostLabel, 3, IsRequired: false, selector), new(ZoneLabel, 5, IsRequired: false, selector)];

    private static JsonObject? SelectorOf(JsonObject constraint, JsonObject pod)
    {
        var keys = (constraint["matchLabelKeys"] as JsonArray ?? []).Select(key => (string?)key ?? "").Where(key => pod["metadata"]?["labels"]?[key] is not null).ToList();
        if (constraint["labelSelector"] is not JsonObject selector || keys.Count == 0)
        {
            return constraint["labelSelector"] as JsonObject;
        }

        var narrowed = selector.DeepClone().AsObject();
        var labels = narrowed["matchLabels"] as JsonObject ?? [];
        foreach (var key in keys)
        {
            labels[key] = pod["metadata"]!["labels"]![key]!.DeepClone();
        }

        narrowed["matchLabels"] = labels;
        return narrowed;
    }
}
