using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Why a node cannot take a pod, in the scheduler's words and in the order of its filters; the first filter that refuses decides.</summary>
internal static class NodeFit
{
    private static readonly ConditionalWeakTable<JsonObject, ConcurrentDictionary<string, long>> Amounts = [];

    /// <summary>The reasons; empty when the node fits. Volumes and other pods are looked at elsewhere.</summary>
    public static IReadOnlyList<string> Refusals(JsonObject node, JsonObject pod, PodRequest request, PlacedPods placed)
    {
        if (node["spec"]?["unschedulable"]?.GetValue<bool>() == true && !TakesUnschedulable(pod))
        {
            return ["node(s) were unschedulable"];
        }

        if (LabelMatch.Untolerated(node, pod, "NoSchedule", "NoExecute") is { } taint)
        {
            return [$"node(s) had untolerated taint {{{Cells.Text(taint, "key")}: {Cells.Text(taint, "value")}}}"];
        }

        if (!IsChosen(node, pod))
        {
            return ["node(s) didn't match Pod's node affinity/selector"];
        }

        return placed.Read(Cells.Text(node, "metadata.name"), load => Resources(node, request, load));
    }

    /// <summary>What a node has for pods: thousandths of cores, bytes, or a number of pods.</summary>
    public static long Amount(JsonObject node, string resource) =>
        // Each pod asks every node for the same numbers.
        Amounts.GetValue(node, static _ => new(StringComparer.Ordinal)).GetOrAdd(resource, Allocatable, node);

    /// <summary>Whether a pod may run on a node by what it says of nodes: selector and required affinity.</summary>
    public static bool IsChosen(JsonObject node, JsonObject pod) =>
        LabelMatch.ContainsAll(pod["spec"]?["nodeSelector"] as JsonObject, node["metadata"]?["labels"] as JsonObject)
        && (Cells.At(pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution") is not { } required || LabelMatch.SelectsNode(required, node));

    private static List<string> Resources(JsonObject node, PodRequest request, NodeLoad load)
    {
        if (request.Ports.Any(load.IsTaken))
        {
            return ["node(s) didn't have free ports for the requested pod ports"];
        }

        var reasons = new List<string>();
        if (load.Pods + 1 > Amount(node, "pods"))
        {
            reasons.Add("Too many pods");
        }

        if (request.Cpu > 0 && load.Cpu + request.Cpu > Amount(node, "cpu"))
        {
            reasons.Add("Insufficient cpu");
        }

        if (request.Memory > 0 && load.Memory + request.Memory > Amount(node, "memory"))
        {
            reasons.Add("Insufficient memory");
        }

        return reasons;
    }

    private static bool TakesUnschedulable(JsonObject pod) => Cells.Items(pod, "spec.tolerations").Any(toleration =>
        Cells.Text(toleration, "operator", "Equal") == "Exists" && Cells.Text(toleration, "key") is ("" or "node.kubernetes.io/unschedulable"));

    private static long Allocatable(string resource, JsonObject node)
    {
        var text = Cells.Text(Cells.At(node, "status.allocatable"), resource);
        return resource == "cpu" ? PodRequest.Thousandths(text) : Quantity.Whole(text);
    }
}
