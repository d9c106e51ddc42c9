using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Volumes;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>kube-scheduler: gives each pod the node that fits it best, or says of all nodes why they do not fit.</summary>
internal sealed class Scheduler : Controller
{
    private const string Manager = "default-scheduler";
    private static readonly WriteOptions Binding = new() { FieldManager = Manager, Subresource = "binding" };

    // Claims and their pods come together, and binding takes a moment. A real scheduler hardly sees that, as its queue has other pods to
    // look at; so nothing is told of it before. Real time, because a clock that runs fast does not make the binder faster.
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromSeconds(5);

    // In tenths of that.
    private const int LongestWait = 120;

    // Pods without a place, and what could still change that.
    private readonly ConcurrentDictionary<ObjectName, Waiting> _waiting = new();
    private readonly PlacedPods _placed = new();

    // Pods that wait until others have made place for them, with their nodes.
    private readonly ConcurrentDictionary<ObjectName, (string Node, JsonObject Pod)> _nominated = new();
    private readonly Informer _pods;
    private readonly Informer _nodes;
    private readonly Informer _budgets;
    private readonly PodVolumes _volumes;
    private readonly WorkloadSelectors _selectors;

    public Scheduler(ControllerHost host)
        : base(host, Manager)
    {
        _pods = Watch(ResourceType.Pod, Changed);
        _nodes = Watch(ResourceType.Node, (ObjectChange change) => IsNews(change) ? Hoping(Hope.Claims) : []);
        Watch(Types.PersistentVolumeClaim, claim => UsersOf(ObjectName.Of(claim)));
        Watch(Types.PersistentVolume, (JsonObject _) => Hoping(Hope.Nodes));
        _budgets = host.Informer(Types.PodDisruptionBudget);
        _volumes = new PodVolumes(host);
        _selectors = new WorkloadSelectors(host);
    }

    public override bool IsIdle => base.IsIdle && !_waiting.Values.Any(waiting => waiting.IsPatient);

    // Each decision counts for the next.
    protected override int Workers => 1;

    protected override long Rank(ObjectName name) => _pods.Find(name) is { } pod ? Preemption.PriorityOf(pod) : 0;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_pods.Find(name) is not { } pod || !IsToBePlaced(pod) || _placed.IsSettled(pod))
        {
            _waiting.TryRemove(name, out _);
            _nominated.TryRemove(name, out _);
            return null;
        }

        // Noted before anything is looked at: what changes from now on brings the pod back.
        var waiting = _waiting.GetOrAdd(name, _ => new());
        var hope = waiting.Hope = PodAffinity.IsChoosy(pod) || TopologySpread.IsRequired(pod) ? Hope.Pods : Hope.Nodes;
        _placed.Forget(name);
        var obstacle = _volumes.Obstacle(pod);
        if (obstacle is { MayPass: true } && !waiting.HasWaited)
        {
            waiting.Hope = Hope.Claims;
            _ = WaitAsync(name, waiting);
            return null;
        }

        waiting.IsPatient = false;
        var request = PodRequest.Of(pod);
        var (node, refusal, refused) = Choose(pod, request, obstacle?.Text);
        if (node is null)
        {
            waiting.Hope = obstacle is not null ? Hope.Claims : hope;
            await MakePlaceAsync(name, pod, request, refusal!, refused, cancellationToken);
            return null;
        }

        // It takes its room from now on, also while its volumes are made.
        _placed.Assume(name, node, pod);
        try
        {
            if (!await _volumes.ChooseAsync(Objects, pod, node, cancellationToken))
            {
                return null;
            }

            await Objects.Client.CreatePartAsync(ResourceType.Pod, name.Namespace, name.Name, Target(name, node), Binding, cancellationToken);
        }
        catch (Core.HomelabException)
        {
            _placed.Forget(name);
            throw;
        }

        _placed.Confirm(name);
        _nominated.TryRemove(name, out _);
        _waiting.TryRemove(name, out _);
        Objects.Record(pod, "Normal", "Scheduled", $"Successfully assigned {name} to {node}");
        return null;
    }

    private static bool IsToBePlaced(JsonObject pod) => Cells.Text(pod, "spec.nodeName").Length == 0 && pod["metadata"]?["deletionTimestamp"] is null
        && Cells.Text(pod, "spec.schedulerName", Manager) == Manager && !SchedulingGates.Has(pod["spec"] as JsonObject) && Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed");

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
        _placed.Change(change);
        if (change.After is null)
        {
            _waiting.TryRemove(ObjectName.Of(change.Latest), out _);
            _nominated.TryRemove(ObjectName.Of(change.Latest), out _);
        }

        var (isBefore, isAfter) = (Holds(change.Before), Holds(change.After));

        // What a pod held is free again; and who keeps apart from others, or beside them, can go elsewhere when one of them comes, ends or goes.
        var others = isBefore && !isAfter ? Hoping(Hope.Nodes)
            : isBefore != isAfter || (isAfter && Ownership.IsDeleting(change.After!) != Ownership.IsDeleting(change.Before!)) ? Hoping(Hope.Pods)
            : [];
        return others.Concat(change.After is { } present && IsToBePlaced(present) && (change.Before is null || !IsToBePlaced(change.Before)) ? [ObjectName.Of(present)] : []);
    }

    private static bool Holds(JsonObject? pod) => Cells.Text(pod, "spec.nodeName").Length > 0 && Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed");

    private IEnumerable<ObjectName> Hoping(Hope least) => _waiting.Where(pod => pod.Value.Hope >= least).Select(pod => pod.Key);

    private IEnumerable<ObjectName> UsersOf(ObjectName claim) =>
        _waiting.Keys.Where(name => name.Namespace == claim.Namespace && _pods.Find(name) is { } pod && PodVolumes.ClaimsOf(pod).Contains(claim));

    private async Task WaitAsync(ObjectName name, Waiting waiting)
    {
        if (!waiting.IsPatient)
        {
            waiting.IsPatient = true;
            await Task.Delay(ClaimPatience, Stopping);

            // On a slow machine the binder has not come to them by then.
            for (var times = 0; times < LongestWait && Host.IsAtWork<ClaimBinder>(); times++)
            {
                await Task.Delay(ClaimPatience / 10, Stopping);
            }

            waiting.HasWaited = true;
            Enqueue(name);
        }
    }

    private (string? Node, string? Refusal, IReadOnlyList<(JsonObject Node, IReadOnlyList<string> Reasons)> Refused) Choose(JsonObject pod, PodRequest request, string? obstacle)
    {
        var nodes = _nodes.All.ToList();
        if (obstacle is not null)
        {
            return (null, $"{obstacle}. preemption: 0/{nodes.Count} nodes are available: {nodes.Count} Preemption is not helpful for scheduling.", []);
        }

        // Who is more important need not leave the place free that others wait for.
        var lesser = _nominated.Where(other => Preemption.PriorityOf(other.Value.Pod) < Preemption.PriorityOf(pod)).Select(other => other.Key).ToHashSet();
        var placed = lesser.Count == 0 ? _placed : _placed.Without(lesser);
        var (spread, refusals) = Filters(pod, request, nodes, placed);
        var looked = nodes.Select(node => (Node: node, Reasons: refusals(node))).ToList();
        var fitting = looked.Where(one => one.Reasons.Count == 0).Select(one => one.Node).ToList();
        if (fitting.Count == 0)
        {
            return (null, nodes.Count == 0 ? "no nodes available to schedule pods" : Counted(looked.SelectMany(one => one.Reasons)) + ".", looked);
        }

        var nominated = Cells.Text(pod, "status.nominatedNodeName");
        return (fitting.Exists(node => Cells.Text(node, "metadata.name") == nominated) ? nominated : NodeScores.Best(fitting, pod, request, placed, spread), null, []);
    }

    private (TopologySpread Spread, Func<JsonObject, IReadOnlyList<string>> Refusals) Filters(JsonObject pod, PodRequest request, IReadOnlyList<JsonObject> nodes, PlacedPods placed)
    {
        var affinity = new PodAffinity(pod, placed, node => _nodes.Find("", node));
        var spread = new TopologySpread(pod, _selectors.Of, nodes, placed);
        return (spread, node =>
        {
            var refusals = NodeFit.Refusals(node, pod, request, placed);
            return refusals.Count == 0 && (_volumes.Refusal(pod, node) ?? spread.Refusal(node) ?? affinity.Refusal(node)) is { } other ? [other] : refusals;
        });
    }

    /// <summary>How many nodes have each reason.</summary>
    public static string Counted(IEnumerable<string> reasons) =>
        string.Join(", ", reasons.GroupBy(reason => reason, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}").Order(StringComparer.Ordinal));

    // Pods of lower priority go, so that it has a place as soon as they have ended.
    private async Task MakePlaceAsync(ObjectName name, JsonObject pod, PodRequest request, string refusal, IReadOnlyList<(JsonObject Node, IReadOnlyList<string> Reasons)> refused, CancellationToken cancellationToken)
    {
        var nodes = _nodes.All.ToList();
        if (refused.Count > 0)
        {
            var (node, victims, told) = new Preemption(placed => Filters(pod, request, nodes, placed).Refusals, _placed, [.. _budgets.All]).Find(pod, refused);
            refusal = told.Length == 0 ? refusal : $"{refusal} preemption: {told}";
            if (node is not null)
            {
                _nominated[name] = (node, pod);
                foreach (var victim in victims.Where(victim => !Ownership.IsDeleting(victim)))
                {
                    await PreemptAsync(pod, victim, node, cancellationToken);
                }
            }
        }

        var place = _nominated.TryGetValue(name, out var nominated) ? nominated.Node : null;
        if (place is not null)
        {
            _placed.Assume(name, place, pod);
        }

        await RefuseAsync(pod, nodes.Count == 0 ? refusal : $"0/{nodes.Count} nodes are available: {refusal}", place, cancellationToken);
    }

    private async Task PreemptAsync(JsonObject pod, JsonObject victim, string node, CancellationToken cancellationToken)
    {
        var status = new JsonObject { ["conditions"] = Cells.At(victim, "status.conditions")?.DeepClone() ?? new JsonArray() };
        Conditions.Set(status, "DisruptionTarget", "True", Api.Objects.Timestamps.Format(Clock.GetUtcNow()), "PreemptionByScheduler", $"{Manager}: preempting to accommodate a higher priority pod");
        await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(victim), status, cancellationToken);
        await Objects.DeleteAsync(ResourceType.Pod, ObjectName.Of(victim), cancellationToken, new DeleteRequest { Uid = Ownership.Uid(victim) });
        Objects.Record(victim, "Normal", "Preempted", $"Preempted by pod {Ownership.Uid(pod)} on node {node}");
    }

    private async Task RefuseAsync(JsonObject pod, string refusal, string? nominated, CancellationToken cancellationToken)
    {
        var known = Cells.Items(pod, "status.conditions").FirstOrDefault(condition => Cells.Text(condition, "type") == "PodScheduled");
        if (known is null || Cells.Text(known, "message") != refusal || Cells.Text(pod, "status.nominatedNodeName") != (nominated ?? ""))
        {
            var status = new JsonObject { ["conditions"] = Cells.At(pod, "status.conditions")?.DeepClone() ?? new JsonArray() };
            Conditions.Set(status, "PodScheduled", "False", Api.Objects.Timestamps.Format(Clock.GetUtcNow()), "Unschedulable", refusal);
            if (nominated is not null)
            {
                status["nominatedNodeName"] = nominated;
            }

            await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(pod), status, cancellationToken);
        }

        Objects.Record(pod, "Warning", "FailedScheduling", refusal);
    }

    /// <summary>What may give a pod a place: a claim of its own; or a node, or room on one; or also where other pods go.</summary>
    private enum Hope
    {
        Claims,
        Nodes,
        Pods,
    }

    private sealed class Waiting
    {
        public Hope Hope { get; set; }

        // While its claims are waited for, and nothing is told of it.
        public bool IsPatient { get; set; }

        public bool HasWaited { get; set; }
    }
}
