using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What a Job has come to.</summary>
internal static class JobStatus
{
    /// <summary>The status by its pods. What was counted stays counted when a pod is deleted.</summary>
    public static JsonObject Of(JsonObject job, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var status = (job["status"] as JsonObject ?? []).DeepClone().AsObject();
        if (status["startTime"] is null && (bool?)At(job, "spec.suspend") != true)
        {
            status["startTime"] = Timestamps.Format(now);
        }

        status["active"] = pods.Count(PodState.IsActive);
        status["ready"] = pods.Count(pod => PodState.IsActive(pod) && PodState.IsReady(pod));
        foreach (var (field, phase) in new[] { ("succeeded", "Succeeded"), ("failed", "Failed") })
        {
            var count = Math.Max(Number(status, field), pods.Count(pod => Text(pod, "status.phase") == phase));
            if (count > 0)
            {
                status[field] = count;
            }
        }

        return status;
    }

    /// <summary>Why a Job has failed; null when it has not.</summary>
    public static (string Reason, string Message)? Failure(JsonObject job, int failed, DateTimeOffset now)
    {
        var limit = At(job, "spec.backoffLimit") is null ? 6 : Number(job, "spec.backoffLimit");
        return failed > limit ? ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
            : Deadline(job) is { } deadline && now >= deadline ? ("DeadlineExceeded", "Job was active longer than specified deadline")
            : null;
    }

    /// <summary>When a Job has to have ended; null for no end.</summary>
    public static DateTimeOffset? Deadline(JsonObject job) =>
        At(job, "spec.activeDeadlineSeconds") is not null && Timestamps.Parse(Text(job, "status.startTime")) is { } start ? start.AddSeconds(Number(job, "spec.activeDeadlineSeconds")) : null;

    /// <summary>When a Job ended; null while it has not.</summary>
    public static DateTimeOffset? End(JsonObject job) =>
        Items(job, "status.conditions").FirstOrDefault(condition => Text(condition, "type") is "Complete" or "Failed" && Text(condition, "status") == "True") is { } end ? Timestamps.Parse(Text(end, "lastTransitionTime")) : null;

    /// <summary>When the last container of a pod ended.</summary>
    public static DateTimeOffset? EndOf(JsonObject pod) =>
        Items(pod, "status.containerStatuses").Select(container => Timestamps.Parse(Text(container, "state.terminated.finishedAt"))).Max();
}
