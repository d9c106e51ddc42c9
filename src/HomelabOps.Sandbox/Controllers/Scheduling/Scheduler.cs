using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>kube-scheduler: gives each pod the node that fits it best, or says of all nodes why they do not fit.</summary>
internal sealed class Scheduler : Controller
{
    private const string Manager = "default-scheduler";
    private const string Choosy = "choosy";
    private static readonly WriteOptions Binding = new() { FieldManager = Manager, Subresource = "binding" };

    // Pods without a place, and whether a node could still change that: what lacks a claim waits for that claim alone.
    private readonly ConcurrentDictionary<ObjectName, bool> _waiting = new();
    private readonly NodeLoads _loads = new();
    private readonly Informer _pods;
    private readonly ObjectIndex _choosy;
    private readonly Informer _nodes;
    private readonly PodVolumes _volumes;

    public Scheduler(ControllerHost host)
        : base(host, Manager)
    {
        _pods = Watch(ResourceType.Pod, Changed);
        _choosy = _pods.Index(pod => PodAffinity.IsChoosy(pod) ? [Choosy] : []);
        _nodes = Watch(ResourceType.Node, (ObjectChange change) => IsNews(change) ? _waiting.Keys : []);
        Watch(Types.PersistentVolumeClaim, claim => UsersOf(ObjectName.Of(claim)));
        Watch(Types.PersistentVolume, (JsonObject _) => _waiting.Where(pod => pod.Value).Select(pod => pod.Key));
        _volumes = new PodVolumes(host);
    }

    // Each decision counts for the next.
    protected override int Workers => 1;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_pods.Find(name) is not { } pod || !IsToBePlaced(pod))
        {
            _waiting.TryRemove(name, out _);
            return null;
        }

        var request = PodRequest.Of(pod);
        // Noted before anything is looked at: what changes from now on brings the pod back.
        _waiting[name] = true;
        var obstacle = _volumes.Obstacle(pod);
        var (node, refusal) = Choose(pod, request, obstacle);
        if (node is null)
        {
            _waiting[name] = obstacle is null;
            await RefuseAsync(pod, refusal!, cancellationToken);
            return null;
        }

        if (!await _volumes.ChooseAsync(Objects, pod, node, cancellationToken))
        {
            return null;
        }

        _loads.Set(name, node, pod);
        try
        {
            await Objects.Client.CreatePartAsync(ResourceType.Pod, name.Namespace, name.Name, Target(name, node), Binding, cancellationToken);
        }
        catch (Core.HomelabException)
        {
            _loads.Set(name, "", pod);
            throw;
        }

        _waiting.TryRemove(name, out _);
        Objects.Record(pod, "Normal", "Scheduled", $"Successfully assigned {name} to {node}");
        return null;
    }

    private static bool IsToBePlaced(JsonObject pod) => Cells.Text(pod, "spec.nodeName").Length == 0 && pod["metadata"]?["deletionTimestamp"] is null
        && Cells.Text(pod, "spec.schedulerName", Manager) == Manager && Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed");

    private static JsonObject Target(ObjectName name, string node) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Binding",
        ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
        ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
    };

    // A heartbeat is no news; room, labels, taints and a cordon are.
    private static bool IsNews(ObjectChange change) => change.Before is not { } before || change.After is not { } after
        || !JsonNode.DeepEquals(before["spec"], after["spec"])
        || !JsonNode.DeepEquals(before["metadata"]?["labels"], after["metadata"]?["labels"])
        || !JsonNode.DeepEquals(before["status"]?["allocatable"], after["status"]?["allocatable"]);

    private IEnumerable<ObjectName> Changed(ObjectChange change)
    {
        _loads.Change(change);

        // What a pod held is free again.
        var isFreed = change.Before is { } before && Cells.Text(before, "spec.nodeName").Length > 0 && (change.After is not { } after || Cells.Text(after, "status.phase") is "Succeeded" or "Failed");
        return (isFreed ? _waiting.Keys : []).Concat(change.After is { } present && IsToBePlaced(present) && change.Before is null ? [ObjectName.Of(present)] : []);
    }

    private IEnumerable<ObjectName> UsersOf(ObjectName claim) =>
        _waiting.Keys.Where(name => name.Namespace == claim.Namespace && _pods.Find(name) is { } pod && PodVolumes.ClaimsOf(pod).Contains(claim));

    private (string? Node, string? Refusal) Choose(JsonObject pod, PodRequest request, string? obstacle)
    {
        var nodes = _nodes.All.ToList();
        if (obstacle is not null)
        {
            return (null, Text(nodes.Count, obstacle));
        }

        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        var affinity = new PodAffinity(pod, _pods.All, _choosy[Choosy], node => _nodes.Find("", node));
        var best = (Name: (string?)null, Score: double.MinValue);
        foreach (var node in nodes.OrderBy(node => Cells.Text(node, "metadata.name"), StringComparer.Ordinal))
        {
            var refusals = NodeFit.Refusals(node, pod, request, _loads);
            if (refusals.Count == 0 && (_volumes.Refusal(pod, node) ?? affinity.Refusal(node)) is { } other)
            {
                refusals = [other];
            }

            foreach (var refusal in refusals)
            {
                reasons[refusal] = reasons.GetValueOrDefault(refusal) + 1;
            }

            if (refusals.Count == 0 && NodeFit.Score(node, pod, request, _loads) is var score && score > best.Score)
            {
                best = (Cells.Text(node, "metadata.name"), score);
            }
        }

        return best.Name is { } chosen
            ? (chosen, null)
            : (null, nodes.Count == 0 ? "no nodes available to schedule pods" : Text(nodes.Count, string.Join(", ", reasons.Select(reason => $"{reason.Value} {reason.Key}").Order(StringComparer.Ordinal))));
    }

    private static string Text(int nodes, string reasons) =>
        $"0/{nodes} nodes are available: {reasons}. preemption: 0/{nodes} nodes are available: {nodes} Preemption is not helpful for scheduling.";

    private async Task RefuseAsync(JsonObject pod, string refusal, CancellationToken cancellationToken)
    {
        var known = Cells.Items(pod, "status.conditions").FirstOrDefault(condition => Cells.Text(condition, "type") == "PodScheduled");
        if (known is null || Cells.Text(known, "message") != refusal)
        {
            var status = new JsonObject { ["conditions"] = Cells.At(pod, "status.conditions")?.DeepClone() ?? new JsonArray() };
            Conditions.Set(status, "PodScheduled", "False", Api.Objects.Timestamps.Format(Clock.GetUtcNow()), "Unschedulable", refusal);
            await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(pod), status, cancellationToken);
        }

        Objects.Record(pod, "Warning", "FailedScheduling", refusal);
    }
}
