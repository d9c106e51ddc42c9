using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Says of each PodDisruptionBudget how many of its pods may be evicted now.</summary>
internal sealed class BudgetController : Controller
{
    private static readonly TimeSpan EvictionPatience = TimeSpan.FromMinutes(2);

    private readonly Informer _budgets;
    private readonly Informer _pods;
    private readonly Informer _deployments;
    private readonly Informer _replicaSets;
    private readonly Informer _statefulSets;

    public BudgetController(ControllerHost host)
        : base(host, "disruption-controller")
    {
        _budgets = Watch(Types.PodDisruptionBudget);
        _pods = Watch(ResourceType.Pod, pod => _budgets!.In(Text(pod, "metadata.namespace")).Where(budget => Selection.Fits(At(budget, "spec.selector"), Selection.Labels(pod))).Select(ObjectName.Of));
        (_deployments, _replicaSets, _statefulSets) = (host.Informer(Types.Deployment), host.Informer(Types.ReplicaSet), host.Informer(Types.StatefulSet));
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_budgets.Find(name) is not { } budget)
        {
            return null;
        }

        var pods = _pods.In(name.Namespace).Where(pod => Selection.Fits(At(budget, "spec.selector"), Selection.Labels(pod)) && !PodState.HasEnded(pod)).ToList();
        var now = Clock.GetUtcNow();
        var evicted = Evicted(budget, pods, now);
        var healthy = pods.Count(pod => Conditions.IsReady(pod) && !Ownership.IsDeleting(pod) && !evicted.ContainsKey(Text(pod, "metadata.name")));

        // A percentage is rounded up, of pods that stay as of pods that may go.
        var (most, least) = (At(budget, "spec.maxUnavailable"), At(budget, "spec.minAvailable"));
        var expected = most is not null || least?.ToString().EndsWith('%') == true ? Expected(pods) : pods.Count;
        var desired = most is not null ? expected - RolloutLimits.Scaled(most, expected, roundUp: true) : least is not null ? RolloutLimits.Scaled(least, expected, roundUp: true) : 0;
        var allowed = Math.Max(0, healthy - Math.Max(0, desired));
        var status = new JsonObject
        {
            ["observedGeneration"] = Number(budget, "metadata.generation"),
            ["disruptionsAllowed"] = allowed,
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = Math.Max(0, desired),
            ["expectedPods"] = expected,
        };
        if (evicted.Count > 0)
        {
            status["disruptedPods"] = evicted;
        }

        if (At(budget, "status.conditions") is { } known)
        {
            status["conditions"] = known.DeepClone();
        }

        Conditions.Set(status, "DisruptionAllowed", allowed > 0 ? "True" : "False", Timestamps.Format(now), allowed > 0 ? "SufficientPods" : "InsufficientPods", "");
        await Objects.SetStatusAsync(Types.PodDisruptionBudget, budget, status, cancellationToken);
        return evicted.Count > 0 ? EvictionPatience : null;
    }

    // Evictions that were granted and whose pods nobody has deleted yet; after a while nobody will.
    private static JsonObject Evicted(JsonObject budget, List<JsonObject> pods, DateTimeOffset now)
    {
        var waiting = new JsonObject();
        foreach (var (name, time) in At(budget, "status.disruptedPods") as JsonObject ?? [])
        {
            if (Timestamps.Parse((string?)time ?? "") + EvictionPatience > now && pods.Exists(pod => Text(pod, "metadata.name") == name && !Ownership.IsDeleting(pod)))
            {
                waiting[name] = time!.DeepClone();
            }
        }

        return waiting;
    }

    // As many as the owners of the pods want, also while some are missing.
    private long Expected(List<JsonObject> pods) => pods.Select(Scale).DistinctBy(scale => scale.Owner).Sum(scale => scale.Replicas);

    private (string Owner, long Replicas) Scale(JsonObject pod)
    {
        var owner = Ownership.ControllerOf(pod) is { } reference ? Find(pod, reference) : null;
        if (owner is not null && Ownership.ControllerOf(owner) is { } above)
        {
            owner = Find(owner, above) ?? owner;
        }

        return owner is null ? (Ownership.Uid(pod), 1) : (Ownership.Uid(owner), Number(owner, "spec.replicas"));
    }

    private JsonObject? Find(JsonObject item, JsonObject reference) => (Text(reference, "kind") switch
    {
        "Deployment" => _deployments,
        "ReplicaSet" => _replicaSets,
        "StatefulSet" => _statefulSets,
        _ => null,
    })?.Find(Text(item, "metadata.namespace"), Text(reference, "name"));
}
