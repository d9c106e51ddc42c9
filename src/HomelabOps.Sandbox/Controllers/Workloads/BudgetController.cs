using System.Globalization;
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
    private readonly Informer _budgets;
    private readonly Informer _pods;

    public BudgetController(ControllerHost host)
        : base(host, "disruption-controller")
    {
        _budgets = Watch(Types.PodDisruptionBudget);
        _pods = Watch(ResourceType.Pod, pod => _budgets!.In(Text(pod, "metadata.namespace")).Where(budget => Selection.Fits(At(budget, "spec.selector"), Selection.Labels(pod))).Select(ObjectName.Of));
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_budgets.Find(name) is not { } budget)
        {
            return null;
        }

        var pods = _pods.In(name.Namespace).Where(pod => Selection.Fits(At(budget, "spec.selector"), Selection.Labels(pod)) && !PodState.HasEnded(pod)).ToList();
        var healthy = pods.Count(pod => PodState.IsReady(pod) && !Ownership.IsDeleting(pod));
        var desired = At(budget, "spec.maxUnavailable") is { } most ? pods.Count - Share(most, pods.Count) : At(budget, "spec.minAvailable") is { } least ? Share(least, pods.Count) : 0;
        var allowed = Math.Max(0, healthy - Math.Max(0, desired));
        var status = new JsonObject
        {
            ["observedGeneration"] = Number(budget, "metadata.generation"),
            ["disruptionsAllowed"] = allowed,
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = Math.Max(0, desired),
            ["expectedPods"] = pods.Count,
        };
        if (At(budget, "status.conditions") is { } known)
        {
            status["conditions"] = known.DeepClone();
        }

        Conditions.Set(status, "DisruptionAllowed", allowed > 0 ? "True" : "False", Timestamps.Format(Clock.GetUtcNow()), allowed > 0 ? "SufficientPods" : "InsufficientPods", "");
        await Objects.SetStatusAsync(Types.PodDisruptionBudget, budget, status, cancellationToken);
        return null;
    }

    // A percentage is rounded up, of pods that stay as of pods that may go.
    private static int Share(JsonNode value, int all) => value.ToString() is var text && text.EndsWith('%')
        ? (int)Math.Ceiling(all * double.Parse(text[..^1], CultureInfo.InvariantCulture) / 100)
        : int.Parse(text, CultureInfo.InvariantCulture);
}
