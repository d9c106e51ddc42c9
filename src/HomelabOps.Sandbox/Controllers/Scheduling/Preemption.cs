using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Which pods of lower priority would have to go, so that a pod that fits nowhere has a place.</summary>
/// <param name="refusals">Why a node cannot take the pod, by the pods that are placed; none when it can.</param>
/// <param name="placed">The pods that are placed.</param>
/// <param name="budgets">The budgets of disruptions of all namespaces.</param>
internal sealed class Preemption(Func<PlacedPods, Func<JsonObject, IReadOnlyList<string>>> refusals, PlacedPods placed, IReadOnlyList<JsonObject> budgets)
{
    private const string NoHelp = "Preemption is not helpful for scheduling";
    private const string NoVictims = "No preemption victims found for incoming pod";

    // What no other pod is the cause of.
    private static readonly string[] Lasting =
    [
        "node(s) were unschedulable", "node(s) had untolerated taint", "node(s) didn't match Pod's node affinity/selector", "node(s) didn't match pod affinity rules",
        "node(s) didn't match pod topology spread constraints (missing", "node(s) had volume", "node(s) didn't find available", "node(s) unavailable due to",
    ];

    public static long PriorityOf(JsonObject pod) => Cells.Number(pod, "spec.priority");

    /// <summary>The node that costs least, with its victims; or why there is none, as part of what is told of the pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="refused">All nodes with their refusals.</param>
    public (string? Node, IReadOnlyList<JsonObject> Victims, string Told) Find(JsonObject pod, IReadOnlyList<(JsonObject Node, IReadOnlyList<string> Reasons)> refused)
    {
        if (Cells.Text(pod, "spec.preemptionPolicy") == "Never")
        {
            return (null, [], "not eligible due to preemptionPolicy=Never.");
        }

        var lower = placed.All(choosyOnly: false).Where(other => PriorityOf(other.Pod) < PriorityOf(pod) && Cells.Text(other.Pod, "spec.nodeName").Length > 0).ToLookup(other => other.Node, other => other.Pod, StringComparer.Ordinal);
        if (Cells.Text(pod, "status.nominatedNodeName") is { Length: > 0 } nominated && lower[nominated].Any(Ownership.IsDeleting))
        {
            return (null, [], "not eligible due to a terminating pod on the nominated node.");
        }

        var (reasons, candidates) = (new List<string>(), new List<Candidate>());
        foreach (var (node, why) in refused)
        {
            if (why.Any(reason => Lasting.Any(lasting => reason.StartsWith(lasting, StringComparison.Ordinal))))
            {
                reasons.Add(NoHelp);
            }
            else if (Victims(node, [.. lower[Cells.Text(node, "metadata.name")]], out var remaining) is { } candidate)
            {
                candidates.Add(candidate);
            }
            else
            {
                reasons.AddRange(remaining);
            }
        }

        return candidates.OrderBy(one => one.Violations).ThenBy(one => one.Highest).ThenBy(one => one.Sum).ThenBy(one => one.Victims.Count).ThenByDescending(one => one.Since).FirstOrDefault() is { } best
            ? (best.Node, best.Victims, "")
            : (null, [], $"0/{refused.Count} nodes are available: {Scheduler.Counted(reasons)}.");
    }

    // All of lower priority go first; then those may stay without which the pod fits too, the most important first, and before all those whose budget is used up.
    private Candidate? Victims(JsonObject node, List<JsonObject> lower, out IReadOnlyList<string> remaining)
    {
        remaining = [NoVictims];
        if (lower.Count == 0)
        {
            return null;
        }

        var gone = lower.Select(ObjectName.Of).ToHashSet();
        remaining = refusals(placed.Without(gone))(node);
        if (remaining.Count > 0)
        {
            return null;
        }

        var (victims, violations) = (new List<JsonObject>(), 0);
        var ordered = lower.OrderByDescending(PriorityOf).ThenBy(Started).ToList();
        var violating = Violating(ordered);
        foreach (var pod in ordered.Where(violating.Contains).Concat(ordered.Where(pod => !violating.Contains(pod))))
        {
            gone.Remove(ObjectName.Of(pod));
            if (refusals(placed.Without(gone))(node).Count > 0)
            {
                gone.Add(ObjectName.Of(pod));
                victims.Add(pod);
                violations += violating.Contains(pod) ? 1 : 0;
            }
        }

        return new(Cells.Text(node, "metadata.name"), victims, violations);
    }

    private HashSet<JsonObject> Violating(List<JsonObject> pods)
    {
        var left = budgets.ToDictionary(budget => budget, budget => Cells.Number(budget, "status.disruptionsAllowed"));
        var violating = new HashSet<JsonObject>();
        foreach (var pod in pods)
        {
            foreach (var budget in budgets.Where(budget => ObjectName.Of(budget).Namespace == ObjectName.Of(pod).Namespace && LabelMatch.Selects(Cells.At(budget, "spec.selector"), pod["metadata"]?["labels"] as JsonObject)))
            {
                if (--left[budget] < 0)
                {
                    violating.Add(pod);
                }
            }
        }

        return violating;
    }

    private static DateTimeOffset Started(JsonObject pod) => Timestamps.Parse(Cells.Text(pod, "status.startTime")) ?? DateTimeOffset.MaxValue;

    private sealed record Candidate(string Node, IReadOnlyList<JsonObject> Victims, int Violations)
    {
        public long Highest { get; } = Victims.Select(PriorityOf).DefaultIfEmpty(long.MinValue).Max();

        // Each counts, also one of a priority below zero.
        public long Sum { get; } = Victims.Sum(pod => PriorityOf(pod) + int.MaxValue + 1L);

        public DateTimeOffset Since { get; } = Victims.GroupBy(PriorityOf).OrderByDescending(group => group.Key).FirstOrDefault()?.Min(Started) ?? DateTimeOffset.MaxValue;
    }
}
