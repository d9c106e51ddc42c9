using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What a ReplicaSet says of its pods.</summary>
internal static class ReplicaSetStatus
{
    /// <param name="set">The ReplicaSet.</param>
    /// <param name="pods">Its active pods.</param>
    /// <param name="failure">Why pods could not be made or deleted: reason and message; null when they could.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Of(JsonObject set, IReadOnlyCollection<JsonObject> pods, (string Reason, string Message)? failure, DateTimeOffset now)
    {
        var labels = At(set, "spec.template.metadata.labels") as JsonObject;
        var minReady = Number(set, "spec.minReadySeconds");
        var status = new JsonObject { ["replicas"] = pods.Count };
        Count(status, "fullyLabeledReplicas", pods.Count(pod => Selection.HasAll(labels, Selection.Labels(pod))));
        Count(status, "readyReplicas", pods.Count(Conditions.IsReady));
        Count(status, "availableReplicas", pods.Count(pod => PodState.IsAvailable(pod, minReady, now)));
        status["observedGeneration"] = Number(set, "metadata.generation");
        var conditions = Items(set, "status.conditions").Where(condition => Text(condition, "type") != "ReplicaFailure").Select(condition => condition.DeepClone()).ToList();
        if (failure is { } why)
        {
            conditions.Add(Conditions.Find(set, "ReplicaFailure") is { } present && Text(present, "reason") == why.Reason ? present.DeepClone() : new JsonObject
            {
                ["type"] = "ReplicaFailure",
                ["status"] = "True",
                ["lastTransitionTime"] = Timestamps.Format(now),
                ["reason"] = why.Reason,
                ["message"] = why.Message,
            });
        }

        if (conditions.Count > 0)
        {
            status["conditions"] = new JsonArray([.. conditions]);
        }

        return status;
    }

    /// <summary>A count, left out when it is zero, as the API writes it.</summary>
    public static void Count(JsonObject status, string name, long count)
    {
        if (count != 0)
        {
            status[name] = count;
        }
    }
}
