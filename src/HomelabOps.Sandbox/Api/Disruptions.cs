using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Selecting;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api;

/// <summary>Asks the PodDisruptionBudgets whether a pod may be evicted.</summary>
internal static class Disruptions
{
    private const int RetrySeconds = 10;

    /// <summary>Takes one disruption of the pod's budget, or refuses with 429.</summary>
    public static void Take(ApiServices services, RequestTarget target, JsonObject pod, bool dryRun)
    {
        var (kind, version) = services.Context.Kinds.FindKind("policy/v1", "PodDisruptionBudget")!.Value;
        var labels = (pod["metadata"]?["labels"] as JsonObject ?? []).Select(label => KeyValuePair.Create(label.Key, (string?)label.Value ?? "")).ToArray();
        var budgets = services.Context.Collection(kind).Read(target.Namespace).Objects
            .Where(item => item.ToNode()["spec"]?["selector"] is { } selector && LabelSelector.Of(selector).Matches(labels))
            .ToArray();
        if (budgets.Length > 1)
        {
            throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (budgets.Length == 1 && !MayGoAsUnhealthy(budgets[0].ToNode(), pod))
        {
            services.Writer.Update(kind, version, budgets[0].Key, budget => Taken(services, budget, target.Name!), new CallOptions { Subresource = "status", DryRun = dryRun });
        }
    }

    // A pod that is not ready does not count as healthy, so it takes nothing from a budget that is kept without it.
    private static bool MayGoAsUnhealthy(JsonObject budget, JsonObject pod)
    {
        if (Conditions.IsReady(pod))
        {
            return false;
        }

        var desired = Cells.Number(budget, "status.desiredHealthy");
        return Cells.Text(budget, "spec.unhealthyPodEvictionPolicy") == "AlwaysAllow" || (desired > 0 && Cells.Number(budget, "status.currentHealthy") >= desired);
    }

    private static JsonObject Taken(ApiServices services, JsonObject budget, string pod)
    {
        var (name, status) = (Cells.Text(budget, "metadata.name"), Defaults.Part(budget, "status"));
        if (Cells.Number(status, "observedGeneration") < Cells.Number(budget, "metadata.generation"))
        {
            throw Refused($"The disruption budget {name} is still being processed by the server.", RetrySeconds);
        }

        var allowed = Cells.Number(status, "disruptionsAllowed");
        if (allowed <= 0)
        {
            throw Refused($"The disruption budget {name} needs {Cells.Number(status, "desiredHealthy")} healthy pods and has {Cells.Number(status, "currentHealthy")} currently", retrySeconds: null);
        }

        status["disruptionsAllowed"] = allowed - 1;
        Defaults.Part(status, "disruptedPods")[pod] = services.Context.Now();
        return budget;
    }

    // When a budget will allow it again nobody knows, and a client that is told a time would wait within its request.
    private static ApiException Refused(string cause, int? retrySeconds) => ApiErrors.TooManyRequests(
        "Cannot evict pod as it would violate the pod's disruption budget.",
        retrySeconds,
        new() { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause }) });
}
