using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What a Job says about how its pods fail. The first rule that fits decides; without one a failure counts.</summary>
internal static class JobFailurePolicy
{
    /// <summary>Whether the failure of a pod is to be overlooked.</summary>
    public static bool IsIgnored(JsonObject job, JsonObject pod) => Match(job, pod) is { Action: "Ignore" };

    /// <summary>Why a Job has failed with the first of its pods that must not fail as it did; null when none has.</summary>
    public static (string Reason, string Message)? Failure(JsonObject job, IEnumerable<JsonObject> pods) =>
        pods.Select(pod => Match(job, pod)).FirstOrDefault(match => match is { Action: "FailJob" }) is { } match ? ("PodFailurePolicy", match.Message) : null;

    private static (string Action, string Message)? Match(JsonObject job, JsonObject pod)
    {
        if (Text(pod, "status.phase") != "Failed")
        {
            return null;
        }

        var name = $"{Text(pod, "metadata.namespace")}/{Text(pod, "metadata.name")}";
        var index = 0;
        foreach (var rule in Items(job, "spec.podFailurePolicy.rules"))
        {
            var (action, number) = (Text(rule, "action"), index++);
            var found = At(rule, "onExitCodes") is { } codes ? Exit(pod, codes, name) : Condition(pod, rule, name);
            if (found is not null)
            {
                return (action, Invariant($"{found} matching {action} rule at index {number}"));
            }
        }

        return null;
    }

    private static string? Exit(JsonObject pod, JsonNode codes, string name)
    {
        var (container, isIn) = (Text(codes, "containerName"), Text(codes, "operator") == "In");
        var values = (codes["values"] as JsonArray ?? []).Select(value => Numbers.Whole(value)).ToHashSet();
        var failed = Items(pod, "status.initContainerStatuses").Concat(Items(pod, "status.containerStatuses"))
            .FirstOrDefault(status => (container.Length == 0 || Text(status, "name") == container) && Number(status, "state.terminated.exitCode") is not 0 and var code && values.Contains(code) == isIn);
        return failed is null ? null : Invariant($"Container {Text(failed, "name")} for pod {name} failed with exit code {Number(failed, "state.terminated.exitCode")}");
    }

    private static string? Condition(JsonObject pod, JsonObject rule, string name)
    {
        var found = Items(rule, "onPodConditions").FirstOrDefault(wanted => Items(pod, "status.conditions").Any(condition => Text(condition, "type") == Text(wanted, "type") && Text(condition, "status") == Text(wanted, "status", "True")));
        return found is null ? null : $"Pod {name} has condition {Text(found, "type")}";
    }
}
