using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What a Deployment says of its ReplicaSets, and how far its rollout is.</summary>
internal static class DeploymentStatus
{
    public const string Progressing = "Progressing";
    public const string Finished = "NewReplicaSetAvailable";
    public const string TimedOut = "ProgressDeadlineExceeded";
    public const string Paused = "DeploymentPaused";

    // What the API means by no deadline.
    private const long NoDeadline = int.MaxValue;

    /// <summary>Counts, and whether enough pods are available.</summary>
    public static JsonObject Counts(JsonObject deployment, IReadOnlyCollection<JsonObject> sets, JsonObject? current, DateTimeOffset now)
    {
        var limits = RolloutLimits.Of(deployment);
        var (total, available) = (sets.Sum(set => Number(set, "status.replicas")), sets.Sum(set => Number(set, "status.availableReplicas")));
        var status = new JsonObject { ["observedGeneration"] = Number(deployment, "metadata.generation") };
        ReplicaSetStatus.Count(status, "replicas", total);
        ReplicaSetStatus.Count(status, "updatedReplicas", Number(current, "status.replicas"));
        ReplicaSetStatus.Count(status, "readyReplicas", sets.Sum(set => Number(set, "status.readyReplicas")));
        ReplicaSetStatus.Count(status, "availableReplicas", available);
        ReplicaSetStatus.Count(status, "unavailableReplicas", Math.Max(0, total - available));
        if (At(deployment, "status.collisionCount") is { } collisions)
        {
            status["collisionCount"] = collisions.DeepClone();
        }

        if (At(deployment, "status.conditions") is JsonArray conditions)
        {
            status["conditions"] = conditions.DeepClone();
        }

        if (available >= limits.Replicas - limits.Unavailable)
        {
            Set(status, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        }
        else
        {
            Set(status, "Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
        }

        return status;
    }

    /// <summary>Counts and conditions, the progress of the rollout among them.</summary>
    public static JsonObject Of(JsonObject deployment, IReadOnlyCollection<JsonObject> sets, JsonObject? current, DateTimeOffset now)
    {
        var status = Counts(deployment, sets, current, now);
        var before = Conditions.Find(deployment, Progressing);
        if (!HasDeadline(deployment))
        {
            Remove(status, Progressing);
        }
        else if (!(Number(status, "replicas") == Number(status, "updatedReplicas") && Text(before, "reason") == Finished))
        {
            Progress(deployment, status, current, before, now);
        }

        var failure = (current is null ? [] : new[] { current }).Concat(sets).Select(set => Conditions.Find(set, "ReplicaFailure")).FirstOrDefault(condition => condition is not null);
        if (failure is null)
        {
            Remove(status, "ReplicaFailure");
        }
        else
        {
            Set(status, "ReplicaFailure", Text(failure, "status"), Text(failure, "reason"), Text(failure, "message"), now);
        }

        return status;
    }

    public static bool HasDeadline(JsonObject deployment) => At(deployment, "spec.progressDeadlineSeconds") is not null && Number(deployment, "spec.progressDeadlineSeconds") != NoDeadline;

    /// <summary>Whether the rollout is done: all pods are of the present template and available, and no others are left.</summary>
    public static bool IsComplete(JsonObject deployment, JsonNode? status)
    {
        var replicas = Number(deployment, "spec.replicas");
        return Number(status, "updatedReplicas") == replicas && Number(status, "replicas") == replicas && Number(status, "availableReplicas") == replicas
            && Number(status, "observedGeneration") >= Number(deployment, "metadata.generation");
    }

    /// <summary>When the rollout will have taken too long unless something moves; null when no clock runs.</summary>
    public static TimeSpan? UntilDeadline(JsonObject deployment, JsonObject status, DateTimeOffset now)
    {
        var condition = Items(status, "conditions").FirstOrDefault(item => Text(item, "type") == Progressing);
        return condition is null || !HasDeadline(deployment) || Text(condition, "reason") is TimedOut or Finished or Paused || IsComplete(deployment, status)
            ? null
            : Timestamps.Parse(Text(condition, "lastUpdateTime")) + TimeSpan.FromSeconds(Number(deployment, "spec.progressDeadlineSeconds") + 1) - now;
    }

    /// <summary>Sets a condition; nothing changes while status and reason are the same.</summary>
    public static void Set(JsonObject status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var before = Items(status, "conditions").FirstOrDefault(condition => Text(condition, "type") == type);
        if (Text(before, "status") == value && Text(before, "reason") == reason)
        {
            return;
        }

        Replace(status, type, value, reason, message, now);
    }

    private static void Progress(JsonObject deployment, JsonObject status, JsonObject? current, JsonObject? before, DateTimeOffset now)
    {
        // The names as the real controller quotes them.
        var name = current is null ? $"Deployment \"{Text(deployment, "metadata.name")}\"" : $"ReplicaSet \"{Text(current, "metadata.name")}\"";
        if (IsComplete(deployment, status))
        {
            Set(status, Progressing, "True", Finished, $"{name} has successfully progressed.", now);
        }
        else if (HasMoved(deployment["status"], status))
        {
            // Anew each time: the deadline counts from the last progress.
            Replace(status, Progressing, "True", "ReplicaSetUpdated", $"{name} is progressing.", now);
        }
        else if (IsLate(deployment, before, now))
        {
            Set(status, Progressing, "False", TimedOut, $"{name} has timed out progressing.", now);
        }
    }

    private static bool HasMoved(JsonNode? before, JsonObject after) =>
        Number(after, "updatedReplicas") > Number(before, "updatedReplicas")
        || Number(after, "replicas") - Number(after, "updatedReplicas") < Number(before, "replicas") - Number(before, "updatedReplicas")
        || Number(after, "readyReplicas") > Number(before, "readyReplicas")
        || Number(after, "availableReplicas") > Number(before, "availableReplicas");

    private static bool IsLate(JsonObject deployment, JsonObject? progress, DateTimeOffset now) => Text(progress, "reason") switch
    {
        TimedOut => true,
        "" or Finished or Paused => false,
        _ => Timestamps.Parse(Text(progress, "lastUpdateTime"))?.AddSeconds(Number(deployment, "spec.progressDeadlineSeconds")) < now,
    };

    private static void Replace(JsonObject status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var before = Items(status, "conditions").FirstOrDefault(condition => Text(condition, "type") == type);
        var since = Text(before, "status") == value ? Text(before, "lastTransitionTime") : Timestamps.Format(now);
        Remove(status, type);
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        conditions.Add(new JsonObject
        {
            ["type"] = type,
            ["status"] = value,
            ["lastUpdateTime"] = Timestamps.Format(now),
            ["lastTransitionTime"] = since,
            ["reason"] = reason,
            ["message"] = message,
        });
    }

    private static void Remove(JsonObject status, string type)
    {
        if (status["conditions"] is JsonArray conditions && conditions.FirstOrDefault(condition => Text(condition, "type") == type) is { } found)
        {
            conditions.Remove(found);
        }
    }
}
