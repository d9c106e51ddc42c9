using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What a Job has come to.</summary>
internal static class JobStatus
{
    /// <summary>The status by its pods. What was counted stays counted when a pod is deleted.</summary>
    public static JsonObject Of(JsonObject job, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var status = (job["status"] as JsonObject ?? []).DeepClone().AsObject();
        if (IsSuspended(job))
        {
            status.Remove("startTime");
            Conditions.Set(status, "Suspended", "True", Timestamps.Format(now), "JobSuspended", "Job suspended");
        }
        else
        {
            status["startTime"] ??= Timestamps.Format(now);
            if (Conditions.Find(job, "Suspended") is not null)
            {
                Conditions.Set(status, "Suspended", "False", Timestamps.Format(now), "JobResumed", "Job resumed");
            }
        }

        status.Remove("active");
        status["ready"] = pods.Count(pod => PodState.IsActive(pod) && Conditions.IsReady(pod));
        foreach (var (field, present) in new[] { ("active", pods.Count(PodState.IsActive)), ("succeeded", pods.Count(pod => Text(pod, "status.phase") == "Succeeded")), ("failed", pods.Count(pod => Text(pod, "status.phase") == "Failed" && !JobFailurePolicy.IsIgnored(job, pod))) })
        {
            var count = Math.Max(Number(status, field), present);
            if (count > 0)
            {
                status[field] = count;
            }
        }

        if (JobIndexes.Has(job))
        {
            var done = JobIndexes.Done(job, pods);
            (status["completedIndexes"], status["succeeded"]) = (JobIndexes.Write(done), done.Count);
            foreach (var field in done.Count > 0 ? [] : new[] { "completedIndexes", "succeeded" })
            {
                status.Remove(field);
            }
        }

        return status;
    }

    /// <summary>Whether enough has succeeded. A Job that names no number ends with its last pod, once one has succeeded.</summary>
    public static bool IsDone(JsonObject job, JsonObject status, int active)
    {
        var succeeded = Number(status, "succeeded");
        return At(job, "spec.completions") is null ? succeeded > 0 && active == 0 : succeeded >= Number(job, "spec.completions");
    }

    /// <summary>How many pods are to be at work now.</summary>
    public static int Wanted(JsonObject job, JsonObject status, int active)
    {
        var (succeeded, parallelism) = (Number(status, "succeeded"), Number(job, "spec.parallelism"));
        return (int)(At(job, "spec.completions") is not null ? Math.Min(parallelism, Number(job, "spec.completions") - succeeded)
            : succeeded > 0 ? active : parallelism);
    }

    public static bool IsSuspended(JsonObject job) => (bool?)At(job, "spec.suspend") == true;

    /// <summary>Why a Job has failed; null when it has not.</summary>
    public static (string Reason, string Message)? Failure(JsonObject job, IEnumerable<JsonObject> active, int failed, DateTimeOffset now)
    {
        var limit = At(job, "spec.backoffLimit") is null ? 6 : Number(job, "spec.backoffLimit");

        // Pods that are restarted where they are fail as often as that.
        var restarts = Text(job, "spec.template.spec.restartPolicy") == "OnFailure"
            ? active.Sum(pod => Items(pod, "status.initContainerStatuses").Concat(Items(pod, "status.containerStatuses")).Sum(container => Number(container, "restartCount")))
            : 0;
        return failed > limit || (restarts > 0 && restarts >= limit) ? ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
            : Deadline(job) is { } deadline && now >= deadline ? ("DeadlineExceeded", "Job was active longer than specified deadline")
            : null;
    }

    /// <summary>When a Job has to have ended; null for no end.</summary>
    public static DateTimeOffset? Deadline(JsonObject job) =>
        At(job, "spec.activeDeadlineSeconds") is not null && Timestamps.Parse(Text(job, "status.startTime")) is { } start ? start.AddSeconds(Number(job, "spec.activeDeadlineSeconds")) : null;

    /// <summary>When a Job ended; null while it has not.</summary>
    public static DateTimeOffset? End(JsonObject job) =>
        Items(job, "status.conditions").FirstOrDefault(condition => Text(condition, "type") is "Complete" or "Failed" && Text(condition, "status") == "True") is { } end ? Timestamps.Parse(Text(end, "lastTransitionTime")) : null;

    /// <summary>When a pod ended that has: with its last container, or without having had any.</summary>
    public static DateTimeOffset? EndOf(JsonObject pod) =>
        Items(pod, "status.containerStatuses").Select(container => Timestamps.Parse(Text(container, "state.terminated.finishedAt"))).Max()
        ?? Timestamps.Parse(Text(Conditions.Find(pod, "Ready"), "lastTransitionTime")) ?? Timestamps.Parse(Text(pod, "metadata.creationTimestamp"));
}
