using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// What the control plane does about nodes: those of which nothing is heard are not ready, are tainted, and lose the pods that do not
/// bear it; pods of nodes that are gone are forgotten.
/// </summary>
internal sealed class NodeLifecycleController : Controller
{
    private const string LeaseNamespace = "kube-node-lease";
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string OutOfService = "node.kubernetes.io/out-of-service";

    // So many times the grace a kubelet has that is at work, but slow on a busy machine.
    private const int BusyFactor = 20;
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Heard, long Since)> _silent = new(StringComparer.Ordinal);

    // When a taint was first seen that does not say it itself; kubectl's do not.
    private readonly ConcurrentDictionary<(string Node, string Taint), DateTimeOffset> _tainted = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);

    // Those that are given time to report in; completed by their first word.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _suspects = new(StringComparer.Ordinal);
    private readonly Informer _nodes;
    private readonly Informer _leases;
    private readonly Informer _pods;
    private readonly ObjectIndex _podsByNode;

    public NodeLifecycleController(ControllerHost host)
        : base(host, "node-controller")
    {
        _nodes = Watch(ResourceType.Node);
        _leases = host.Informer(Types.Lease);
        _leases.OnChange(change =>
        {
            if (ObjectName.Of(change.Latest) is { Namespace: LeaseNamespace } lease && _suspects.TryGetValue(lease.Name, out var word))
            {
                word.TrySetResult();
            }
        });
        _pods = Watch(ResourceType.Pod, change => change.Before is null || Ownership.IsDeleting(change.Latest) ? NodeOf(change.Latest) : []);
        _podsByNode = _pods.Index(pod => Text(pod, "spec.nodeName") is { Length: > 0 } node ? [node] : []);
    }

    public override bool IsIdle => base.IsIdle && _suspects.IsEmpty;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_nodes.Find(name) is not { } node)
        {
            return await ForgetPodsAsync(name.Name, cancellationToken);
        }

        _missing.TryRemove(name.Name, out _);
        var now = Clock.GetUtcNow();
        var heard = LastHeard(node, name.Name);
        var left = heard + GracePeriod - now;
        if (left > TimeSpan.Zero)
        {
            await TaintAsync(node, Wanted(node, isUnreachable: false, isReady: StatusOf(node, "Ready") == "True"), cancellationToken);
            var again = await EvictAsync(node, now, cancellationToken);
            await EvictOutOfServiceAsync(node, cancellationToken);
            return again is { } sooner && sooner < left ? sooner : left + TimeSpan.FromMilliseconds(100);
        }

        if (StatusOf(node, "Ready") != "Unknown" && (!IsSilent(name, heard) || await HasReportedAsync(name, heard, cancellationToken)))
        {
            return null;
        }

        await MarkUnknownAsync(node, now, cancellationToken);
        await TaintAsync(node, Wanted(node, isUnreachable: true, isReady: false), cancellationToken);
        await EvictOutOfServiceAsync(node, cancellationToken);
        return await EvictAsync(node, now, cancellationToken);
    }

    // Real time that a kubelet has to report in when the homelab's clock jumps or runs fast; all of them do so at once then.
    private TimeSpan RealGrace => TimeSpan.FromMilliseconds(500 + (5 * _nodes.Count));

    private static IEnumerable<ObjectName> NodeOf(JsonObject pod) => Text(pod, "spec.nodeName") is { Length: > 0 } node ? [new("", node)] : [];

    private static string StatusOf(JsonObject node, string type) => Text(Conditions.Find(node, type), "status");

    private DateTimeOffset LastHeard(JsonObject node, string name)
    {
        var lease = Timestamps.Parse(Text(_leases.Find(LeaseNamespace, name), "spec.renewTime"));
        var status = Items(node, "status.conditions").Select(condition => Timestamps.Parse(Text(condition, "lastHeartbeatTime"))).Max();
        var created = Timestamps.Parse(Text(node, "metadata.creationTimestamp")) ?? DateTimeOffset.MinValue;
        return new[] { lease ?? created, StatusOf(node, "Ready") == "Unknown" ? created : status ?? created, created }.Max();
    }

    private bool IsSilent(ObjectName name, DateTimeOffset heard)
    {
        var now = TimeProvider.System.GetTimestamp();
        var silence = _silent.AddOrUpdate(name.Name, _ => (heard, now), (_, known) => known.Heard == heard ? known : (heard, now));
        var silent = TimeProvider.System.GetElapsedTime(silence.Since, now);
        if (silent >= RealGrace && (silent >= RealGrace * BusyFactor || !Host.IsAtWork<HeartbeatController>()))
        {
            return true;
        }

        var word = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_suspects.AddOrUpdate(name.Name, word, (_, known) => known.Task.IsCompleted ? word : known) == word)
        {
            _ = LookAgainAsync(name, word);
        }

        return false;
    }

    // What was written may not have come round yet on a busy machine; it will, and then this node is looked at again.
    private async Task<bool> HasReportedAsync(ObjectName name, DateTimeOffset heard, CancellationToken cancellationToken)
    {
        var lease = await Objects.Client.FindObjectAsync(Types.Lease, LeaseNamespace, name.Name, cancellationToken);
        if (Timestamps.Parse((string?)lease?["spec"]?["renewTime"]) is not { } renewed || renewed <= heard)
        {
            return false;
        }

        EnqueueAfter(name, TimeSpan.FromSeconds(1));
        return true;
    }

    private async Task LookAgainAsync(ObjectName name, TaskCompletionSource word)
    {
        await Task.WhenAny(Task.Delay(RealGrace, Stopping), word.Task);

        // In this order: whoever still suspects it from now on waits anew, and there is no moment in which all seem to be at rest.
        word.TrySetResult();
        Enqueue(name);
        _suspects.TryRemove(KeyValuePair.Create(name.Name, word));
    }

    private async Task MarkUnknownAsync(JsonObject node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (StatusOf(node, "Ready") != "Unknown")
        {
            var status = new JsonObject { ["conditions"] = At(node, "status.conditions")?.DeepClone() ?? new JsonArray() };
            foreach (var type in (ReadOnlySpan<string>)["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"])
            {
                Conditions.Set(status, type, "Unknown", Timestamps.Format(now), "NodeStatusUnknown", "Kubelet stopped posting node status.");
            }

            await Objects.MergeStatusAsync(ResourceType.Node, ObjectName.Of(node), status, cancellationToken);
            Objects.Record(node, "Normal", "NodeNotReady", $"Node {Text(node, "metadata.name")} status is now: NodeNotReady");
        }

        foreach (var pod in _podsByNode[Text(node, "metadata.name")].Where(Conditions.IsReady))
        {
            var status = new JsonObject { ["conditions"] = At(pod, "status.conditions")!.DeepClone() };
            Conditions.Set(status, "Ready", "False", Timestamps.Format(now));
            if (await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(pod), status, cancellationToken) is { } changed)
            {
                Objects.Record(changed, "Warning", "NodeNotReady", "Node is not ready");
            }
        }
    }

    // The taints of others stay; the time of one that is there already as well, since toleration counts from it.
    private List<JsonObject> Wanted(JsonObject node, bool isUnreachable, bool isReady)
    {
        var present = Items(node, "spec.taints").ToList();
        var wanted = present.Where(taint => Text(taint, "key") is not (Unreachable or NotReady or "node.kubernetes.io/unschedulable" or "node.kubernetes.io/disk-pressure" or "node.kubernetes.io/memory-pressure")).Select(taint => taint.DeepClone().AsObject()).ToList();
        if (isUnreachable || !isReady)
        {
            var key = isUnreachable ? Unreachable : NotReady;
            wanted.Add(Keep(key, "NoSchedule"));
            wanted.Add(Keep(key, "NoExecute"));
        }

        if ((bool?)At(node, "spec.unschedulable") == true)
        {
            wanted.Add(Keep("node.kubernetes.io/unschedulable", "NoSchedule"));
        }

        foreach (var (type, key) in new[] { ("DiskPressure", "disk-pressure"), ("MemoryPressure", "memory-pressure") })
        {
            if (StatusOf(node, type) == "True")
            {
                wanted.Add(Keep("node.kubernetes.io/" + key, "NoSchedule"));
            }
        }

        return wanted;

        JsonObject Keep(string key, string effect) => present.Find(taint => Text(taint, "key") == key && Text(taint, "effect") == effect)?.DeepClone().AsObject()
            ?? new() { ["key"] = key, ["effect"] = effect, ["timeAdded"] = Timestamps.Format(Clock.GetUtcNow()) };
    }

    private async Task TaintAsync(JsonObject node, List<JsonObject> wanted, CancellationToken cancellationToken)
    {
        var present = Items(node, "spec.taints").Select(Named).ToHashSet(StringComparer.Ordinal);
        if (!present.SetEquals(wanted.Select(Named)))
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = Text(node, "metadata.resourceVersion") }, ["spec"] = new JsonObject { ["taints"] = new JsonArray([.. wanted]) } };
            await Objects.MergeAsync(ResourceType.Node, ObjectName.Of(node), patch, cancellationToken);
        }
    }

    private static string Named(JsonObject taint) => $"{Text(taint, "key")}={Text(taint, "value")}:{Text(taint, "effect")}";

    /// <summary>Deletes the pods whose patience with a taint is over; they stay Terminating until a kubelet confirms.</summary>
    private async Task<TimeSpan?> EvictAsync(JsonObject node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TimeSpan? next = null;
        var present = Items(node, "spec.taints").Select(Named).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _tainted.Keys.Where(key => key.Node == Text(node, "metadata.name") && !present.Contains(key.Taint)))
        {
            _tainted.TryRemove(gone, out _);
        }

        foreach (var taint in Items(node, "spec.taints").Where(taint => Text(taint, "effect") == "NoExecute"))
        {
            var since = Timestamps.Parse(Text(taint, "timeAdded")) ?? _tainted.GetOrAdd((Text(node, "metadata.name"), Named(taint)), now);
            foreach (var pod in _podsByNode[Text(node, "metadata.name")].Where(pod => !Ownership.IsDeleting(pod) && Text(pod, "status.phase") is not ("Succeeded" or "Failed")))
            {
                var bearing = Items(pod, "spec.tolerations").Where(toleration => LabelMatch.Tolerates(toleration, taint)).ToList();
                if (bearing.Exists(toleration => toleration["tolerationSeconds"] is null))
                {
                    continue;
                }

                var left = since.AddSeconds(bearing.Count == 0 ? 0 : bearing.Min(toleration => Number(toleration, "tolerationSeconds"))) - now;
                if (left > TimeSpan.Zero)
                {
                    next = next is null || left < next ? left : next;
                    continue;
                }

                Objects.Record(pod, "Normal", "TaintManagerEviction", $"Marking for deletion Pod {ObjectName.Of(pod)}");
                await Objects.DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken);
            }
        }

        return next;
    }

    // Whoever set this taint swears that the node is off, so nobody has to confirm.
    private async Task EvictOutOfServiceAsync(JsonObject node, CancellationToken cancellationToken)
    {
        if (StatusOf(node, "Ready") == "True" || !Items(node, "spec.taints").Any(taint => Text(taint, "key") == OutOfService))
        {
            return;
        }

        foreach (var pod in _podsByNode[Text(node, "metadata.name")].Where(pod => !Items(pod, "spec.tolerations").Any(toleration => Text(toleration, "key") is OutOfService)))
        {
            await Objects.DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken, new DeleteRequest { GracePeriodSeconds = 0 });
        }
    }

    // A node that was removed by mistake has a while to come back.
    private async Task<TimeSpan?> ForgetPodsAsync(string node, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var left = _missing.GetOrAdd(node, now) + Quarantine - now;
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        if (await Objects.Client.FindObjectAsync(ResourceType.Node, null, node, cancellationToken) is null)
        {
            foreach (var pod in _podsByNode[node])
            {
                await Objects.DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken, new DeleteRequest { GracePeriodSeconds = 0 });
            }
        }

        return null;
    }
}
