using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Which pods a ReplicaSet gives up first.</summary>
internal static class DeletionRanking
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>The pods to delete, when so many have to go.</summary>
    /// <param name="pods">The active pods of the ReplicaSet.</param>
    /// <param name="related">The active pods of all ReplicaSets of its owner, which say how crowded a node is.</param>
    /// <param name="count">How many go.</param>
    public static IEnumerable<JsonObject> Victims(IReadOnlyCollection<JsonObject> pods, IEnumerable<JsonObject> related, int count)
    {
        if (count >= pods.Count)
        {
            return pods;
        }

        var crowds = related.GroupBy(NodeOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return pods
            .OrderBy(pod => NodeOf(pod).Length > 0)
            .ThenBy(pod => Text(pod, "status.phase") switch { "Pending" => 0, "Running" => 2, _ => 1 })
            .ThenBy(Conditions.IsReady)
            .ThenBy(Cost)
            .ThenByDescending(pod => crowds.GetValueOrDefault(NodeOf(pod)))
            .ThenByDescending(pod => PodState.ReadySince(pod) ?? DateTimeOffset.MinValue)
            .ThenByDescending(PodState.Restarts)
            .ThenByDescending(pod => Timestamps.Parse(Text(pod, "metadata.creationTimestamp")))
            .ThenBy(pod => Text(pod, "metadata.name"), StringComparer.Ordinal)
            .Take(count);
    }

    private static string NodeOf(JsonObject pod) => Text(pod, "spec.nodeName");

    private static int Cost(JsonObject pod) => int.TryParse((string?)pod["metadata"]?["annotations"]?[CostAnnotation], CultureInfo.InvariantCulture, out var cost) ? cost : 0;
}
