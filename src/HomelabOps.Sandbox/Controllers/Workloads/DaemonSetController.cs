using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Keeps a pod of a DaemonSet on each node that it wants.</summary>
internal sealed class DaemonSetController : Controller
{
    private const string TemplateHash = "controller-revision-hash";
    private static readonly string[] Borne = ["not-ready:NoExecute", "unreachable:NoExecute", "disk-pressure:NoSchedule", "memory-pressure:NoSchedule", "pid-pressure:NoSchedule", "unschedulable:NoSchedule"];

    private readonly Informer _sets;
    private readonly Informer _pods;
    private readonly Informer _nodes;
    private readonly PodChanges _changes;
    private readonly FailureBackoff _failures = new();
    private readonly Adoption _adoption;
    private readonly RevisionHistory _history;

    public DaemonSetController(ControllerHost host)
        : base(host, "daemonset-controller")
    {
        _changes = new PodChanges(host, Objects, Types.DaemonSet);
        _sets = Watch(Types.DaemonSet);
        _pods = Watch(ResourceType.Pod, OfPod);
        _nodes = Watch(ResourceType.Node, change => IsNews(change) ? _sets!.All.Select(ObjectName.Of) : []);
        var revisions = host.Informer(Types.ControllerRevision);
        _ = (_pods.ByController, revisions.ByController);
        _adoption = new(Objects, _pods);
        _history = new(Objects, revisions, Types.DaemonSet, TemplateHash);
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_sets.Find(name) is not { } set || Ownership.IsDeleting(set) || !_changes.Expectations.AreMet(Ownership.Uid(set)))
        {
            return null;
        }

        var known = await _history.SyncAsync(set, cancellationToken);
        var hash = HashOf(known.Present) ?? "";
        var pods = await _adoption.ClaimAsync(Types.DaemonSet, set, cancellationToken);
        var wanted = _nodes.All.Where(node => Wants(set, node, "NoSchedule", "NoExecute")).Select(node => Text(node, "metadata.name")).Order(StringComparer.Ordinal).ToList();
        foreach (var node in wanted)
        {
            if (!pods.Exists(pod => NodeOf(pod) == node))
            {
                await _changes.CreateAsync(set, Pod(set, node, hash), cancellationToken);
            }
        }

        await RollAsync(set, pods, wanted, hash, cancellationToken);
        TimeSpan? again = null;
        foreach (var pod in pods.Where(pod => PodState.HasEnded(pod) || !MayStay(set, NodeOf(pod))).Where(pod => !Ownership.IsDeleting(pod)))
        {
            if (Text(pod, "status.phase") == "Failed")
            {
                if (_failures.Left((Ownership.Uid(set), NodeOf(pod)), Ownership.Uid(pod), Clock.GetUtcNow()) is { } left)
                {
                    again = again is null || left < again ? left : again;
                    continue;
                }

                Objects.Record(set, "Warning", "FailedDaemonPod", $"Found failed daemon pod {ObjectName.Of(pod)} on node {NodeOf(pod)}, will try to kill it");
            }

            await _changes.DeleteAsync(set, pod, cancellationToken);
        }

        await Objects.SetStatusAsync(Types.DaemonSet, set, Status(set, pods, wanted, hash, known.Collisions), cancellationToken);
        await _history.TruncateAsync(set, known, item => pods.Exists(pod => HashOf(pod) == HashOf(item)), cancellationToken);
        return again;
    }

    // Old pods that are not ready go at once; of the others no more than may be missing.
    private async Task RollAsync(JsonObject set, List<JsonObject> pods, List<string> wanted, string hash, CancellationToken cancellationToken)
    {
        if (Text(set, "spec.updateStrategy.type", "RollingUpdate") != "RollingUpdate")
        {
            return;
        }

        var active = pods.Where(pod => PodState.IsActive(pod) && wanted.Contains(NodeOf(pod))).OrderBy(NodeOf, StringComparer.Ordinal).ToList();
        var most = At(set, "spec.updateStrategy.rollingUpdate.maxUnavailable") is { } limit ? Math.Max(1, RolloutLimits.Scaled(limit, wanted.Count, roundUp: true)) : 1;
        var free = most - (wanted.Count - active.Where(Conditions.IsReady).DistinctBy(NodeOf).Count());
        foreach (var old in active.Where(pod => HashOf(pod) != hash))
        {
            if (!Conditions.IsReady(old) || free-- > 0)
            {
                await _changes.DeleteAsync(set, old, cancellationToken);
            }
        }
    }

    private static JsonObject Status(JsonObject set, List<JsonObject> pods, List<string> wanted, string hash, long collisions)
    {
        var placed = wanted.Select(node => pods.Find(pod => NodeOf(pod) == node && PodState.IsActive(pod))).ToList();
        var ready = placed.Count(pod => pod is not null && Conditions.IsReady(pod));
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = placed.Count(pod => pod is not null),
            ["desiredNumberScheduled"] = wanted.Count,
            ["numberMisscheduled"] = pods.Count(pod => PodState.IsActive(pod) && !wanted.Contains(NodeOf(pod))),
            ["numberReady"] = ready,
            ["observedGeneration"] = Number(set, "metadata.generation"),
            ["updatedNumberScheduled"] = placed.Count(pod => pod is not null && HashOf(pod) == hash),
        };
        foreach (var (field, count) in new[] { ("numberAvailable", ready), ("numberUnavailable", wanted.Count - ready), ("collisionCount", collisions) })
        {
            if (count > 0)
            {
                status[field] = count;
            }
        }

        return status;
    }

    // A taint that only keeps new pods away leaves those that run.
    private bool MayStay(JsonObject set, string node) => _nodes.Find("", node) is { } found && Wants(set, found, "NoExecute");

    private static bool Wants(JsonObject set, JsonObject node, params ReadOnlySpan<string> effects)
    {
        var pod = Pod(set, Text(node, "metadata.name"), "");
        return LabelMatch.ContainsAll(At(pod, "spec.nodeSelector") as JsonObject, Selection.Labels(node)) && LabelMatch.Untolerated(node, pod, effects) is null
            && (At(set, "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution") is not { } required || LabelMatch.SelectsNode(required, node));
    }

    // The node's name is part of the affinity, so that the scheduler places it there and nowhere else.
    private static JsonObject Pod(JsonObject set, string node, string hash)
    {
        var pod = PodBlueprint.Of(Types.DaemonSet, set, At(set, "spec.template"), $"{Text(set, "metadata.name")}-{NameSuffix.Of(0, $"{Ownership.Uid(set)}/{node}/{hash}", 0)}");
        var spec = pod["spec"]!.AsObject();
        if (pod["metadata"]!["labels"] is JsonObject labels)
        {
            labels[TemplateHash] = hash;
        }

        if (spec["tolerations"] is not JsonArray tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        foreach (var entry in Borne)
        {
            tolerations.Add(new JsonObject { ["key"] = "node.kubernetes.io/" + entry.Split(':')[0], ["operator"] = "Exists", ["effect"] = entry.Split(':')[1] });
        }

        if (spec["affinity"] is not JsonObject affinity)
        {
            spec["affinity"] = affinity = [];
        }

        affinity["nodeAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(new JsonObject { ["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) }) }),
            },
        };
        return pod;
    }

    private static string? HashOf(JsonObject item) => (string?)Selection.Labels(item)?[TemplateHash];

    private static string NodeOf(JsonObject pod)
    {
        if (Text(pod, "spec.nodeName") is { Length: > 0 } name)
        {
            return name;
        }

        var terms = Items(pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
        return terms.SelectMany(term => Items(term, "matchFields")).Select(field => (string?)(field["values"] as JsonArray)?[0]).FirstOrDefault() ?? "";
    }

    private static bool IsNews(ObjectChange change) => change.Before is not { } before || change.After is not { } after
        || !JsonNode.DeepEquals(before["spec"]?["taints"], after["spec"]?["taints"]) || !JsonNode.DeepEquals(Selection.Labels(before), Selection.Labels(after));

    private IEnumerable<ObjectName> OfPod(ObjectChange change)
    {
        _changes.Expectations.Observe(change);
        return Ownership.ControllerOf(change.Latest) is { } owner && Text(owner, "kind") == "DaemonSet" ? [new(Text(change.Latest, "metadata.namespace"), Text(owner, "name"))] : [];
    }
}
