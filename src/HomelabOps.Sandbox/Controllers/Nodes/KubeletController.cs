using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// The kubelets of all nodes: it runs the pods that are bound to them. A node that does not report is silent: what is asked of
/// its pods meanwhile is done when it is back.
/// </summary>
internal sealed class KubeletController : Controller
{
    private readonly NodeWorld _world;
    private readonly ClusterView _cluster;
    private readonly PodAddresses _addresses;
    private readonly PodLifecycle _lifecycle;
    private readonly ConcurrentDictionary<ObjectName, PodRun> _runs = new();
    private readonly ConcurrentDictionary<ObjectName, bool> _waiting = new();
    private readonly ConcurrentDictionary<ObjectName, string> _evictions = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public KubeletController(ControllerHost host, NodeWorld world, ClusterView cluster, ContainerProcesses processes)
        : base(host, "kubelet")
    {
        _world = world;
        _cluster = cluster;
        _addresses = new PodAddresses(host.Seed);
        var termination = new ContainerTermination(processes);
        _lifecycle = new PodLifecycle(cluster, new ContainerLifecycle(world, cluster, processes, new ContainerProbes(processes), termination), termination, _addresses);
        Watch(ResourceType.Pod, pod => world.Find(Cells.Text(pod, "spec.nodeName")) is null ? [] : [ObjectName.Of(pod)]);
        foreach (var type in (ReadOnlySpan<ResourceType>)[Types.ConfigMap, Types.Secret, Types.PersistentVolumeClaim])
        {
            Watch(type, item => WaitingIn(ObjectName.Of(item).Namespace));
        }

        Watch(Types.PersistentVolume, (JsonObject _) => _waiting.Keys);
        world.OnChange(Changed);
    }

    protected override int Workers => 4;

    /// <summary>What is known of a pod; null for one that does not run here.</summary>
    public PodRun? Find(JsonObject pod) => _runs.TryGetValue(ObjectName.Of(pod), out var run) && run.Uid == Cells.Text(pod, "metadata.uid") ? run : null;

    /// <summary>The pods that run on a node.</summary>
    public IEnumerable<(JsonObject Pod, PodRun Run)> RunningOn(NodeState node) => _runs
        .Where(entry => entry.Value is { Failure: null, IsDiscounted: false } run && run.Node == node)
        .Select(entry => (_cluster.Pods.Find(entry.Key), entry.Value))
        .Where(entry => entry.Item1 is { } pod && Cells.Text(pod, "metadata.uid") == entry.Value.Uid && pod["metadata"]!["deletionTimestamp"] is null)
        .Select(entry => (entry.Item1!, entry.Value));

    /// <summary>Looks at a pod in which something has happened.</summary>
    public void LookAt(PodRun run) => Enqueue(new(run.Namespace, run.Name));

    /// <summary>Gives a pod up for the good of its node.</summary>
    public void Evict(ObjectName name, string message)
    {
        _evictions[name] = message;
        Enqueue(name);
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var pod = _cluster.Pods.Find(name);
        if (pod is null || (_runs.TryGetValue(name, out var known) && known.Uid != Cells.Text(pod, "metadata.uid")))
        {
            Forget(name);
        }

        if (pod is null || _world.Find(Cells.Text(pod, "spec.nodeName")) is not { IsReporting: true } node)
        {
            return null;
        }

        if (!_runs.ContainsKey(name) && !IsFinished(pod))
        {
            await _cluster.CatchUpAsync(pod, cancellationToken);
        }

        var now = Clock.GetUtcNow();
        if (Take(name, pod, node, now) is not { } run)
        {
            return null;
        }

        var step = new PodStep(pod, run, now);
        if (_evictions.TryRemove(name, out var message) && run.Failure is null)
        {
            run.Failure = ("Evicted", message);
            step.Tell("Warning", "Evicted", message);
        }

        var isGone = await _lifecycle.AdvanceAsync(step);
        Host.Events.Record(pod, node.Name, step.Events);
        if (isGone)
        {
            await RemoveAsync(name, pod, run, now, cancellationToken);
            return null;
        }

        await WriteAsync(name, pod, run, now, cancellationToken);
        Remember(name, run);
        if (PodStatus.IsFinished(run, pod))
        {
            Discount(run);
        }

        return step.Due - now;
    }

    private static bool IsFinished(JsonObject pod) => Cells.Text(pod, "status.phase") is "Succeeded" or "Failed";

    private PodRun? Take(ObjectName name, JsonObject pod, NodeState node, DateTimeOffset now)
    {
        if (_runs.TryGetValue(name, out var known))
        {
            return known;
        }

        if (IsFinished(pod) && pod["metadata"]!["deletionTimestamp"] is null)
        {
            return null;
        }

        var run = PodAdoption.Adopt(pod, node, now);
        if (Cells.Text(pod, "status.startTime").Length == 0)
        {
            run.Failure = PodLifecycle.Refusal(pod, node.Node, node, _cluster.Nodes.Find("", node.Name), _counts.GetValueOrDefault(node.Name));
        }
        else
        {
            _addresses.Keep(run.Uid, run.Ip);
        }

        if (run.Failure is { } failure)
        {
            Host.Events.Record(pod, node.Name, [new("Warning", failure.Reason, failure.Message)]);
        }

        _counts.AddOrUpdate(node.Name, 1, (_, count) => count + 1);
        _runs[name] = run;
        return run;
    }

    private void Forget(ObjectName name)
    {
        _waiting.TryRemove(name, out _);
        if (_runs.TryRemove(name, out var run))
        {
            _addresses.Release(run.Uid);
            Discount(run);
        }
    }

    // What has ended takes no room any more.
    private void Discount(PodRun run)
    {
        if (!run.IsDiscounted)
        {
            run.IsDiscounted = true;
            _counts.AddOrUpdate(run.Node.Name, 0, (_, count) => count - 1);
        }
    }

    private void Remember(ObjectName name, PodRun run)
    {
        if (run.Containers.Any(container => container.Phase == ContainerPhase.Waiting))
        {
            _waiting[name] = true;
        }
        else
        {
            _waiting.TryRemove(name, out _);
        }
    }

    // Whoever holds a pod with a finalizer sees how it ended; otherwise nobody would.
    private async Task RemoveAsync(ObjectName name, JsonObject pod, PodRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isHeld = Cells.Count(pod, "metadata.finalizers") > 0;
        if (isHeld)
        {
            await WriteAsync(name, pod, run, now, cancellationToken);
            if (Cells.Number(pod, "metadata.deletionGracePeriodSeconds") == 0)
            {
                return;
            }
        }

        await Objects.DeleteAsync(ResourceType.Pod, name, cancellationToken, new DeleteRequest { GracePeriodSeconds = 0, Uid = run.Uid });
    }

    private async Task WriteAsync(ObjectName name, JsonObject pod, PodRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var status = PodStatus.Build(pod, run, now);
        foreach (var (field, _) in pod["status"] as JsonObject ?? [])
        {
            if (!status.ContainsKey(field) && field is "podIP" or "podIPs" or "reason" or "message")
            {
                status[field] = null;
            }
        }

        if (!PodAdoption.IsSame(status, pod["status"] as JsonObject))
        {
            await Objects.MergeStatusAsync(ResourceType.Pod, name, status, cancellationToken, run.Uid);
        }
    }

    private IEnumerable<ObjectName> WaitingIn(string @namespace) => _waiting.IsEmpty ? [] : _waiting.Keys.Where(name => name.Namespace == @namespace);

    private void Changed(NodeState? node)
    {
        if (node is null)
        {
            foreach (var name in _runs.Keys)
            {
                Enqueue(name);
            }

            return;
        }

        // Also those that came while it was silent.
        foreach (var pod in _cluster.Pods.All.Where(pod => Cells.Text(pod, "spec.nodeName") == node.Name))
        {
            Enqueue(ObjectName.Of(pod));
        }
    }
}
