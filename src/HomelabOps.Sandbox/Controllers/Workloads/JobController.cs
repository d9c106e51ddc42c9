using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Runs the pods of a Job until so many have succeeded, or too many have failed.</summary>
internal sealed class JobController : Controller
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private readonly Informer _jobs;
    private readonly Informer _pods;
    private readonly PodChanges _changes;

    public JobController(ControllerHost host)
        : base(host, "job-controller")
    {
        _changes = new PodChanges(host, Objects, ResourceType.Job);
        _jobs = Watch(ResourceType.Job);
        _pods = Watch(ResourceType.Pod, OfPod);
        _ = _pods.ByController;
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_jobs.Find(name) is not { } job || Ownership.IsDeleting(job) || !_changes.Expectations.AreMet(Ownership.Uid(job)))
        {
            return null;
        }

        if (JobStatus.End(job) is { } end)
        {
            return await CollectAsync(job, name, end, cancellationToken);
        }

        var now = Clock.GetUtcNow();
        var pods = _pods.ByController[Ownership.Uid(job)].ToList();
        var status = JobStatus.Of(job, pods, now);
        var active = pods.Where(PodState.IsActive).ToList();
        var failed = (int)Number(status, "failed");
        if (!JobStatus.IsSuspended(job) && (JobFailurePolicy.Failure(job, pods) ?? JobStatus.Failure(job, active, failed, now)) is { } failure)
        {
            // What is stopped for that has failed too.
            if (failed + active.Count > 0)
            {
                status["failed"] = failed + active.Count;
            }

            await EndAsync(job, status, active, "Failed", failure.Reason, failure.Message, now, cancellationToken);
            return null;
        }

        if (JobStatus.IsDone(job, status, active.Count))
        {
            await EndAsync(job, status, active, "Complete", "CompletionsReached", "Reached expected number of succeeded pods", now, cancellationToken);
            return null;
        }

        await SetStatusAsync(job, status, cancellationToken);
        if (JobStatus.IsSuspended(job))
        {
            await DeleteAsync(job, active, cancellationToken);
            return null;
        }

        var again = await RunAsync(job, pods, active, JobStatus.Wanted(job, status, active.Count), now, cancellationToken);
        var limit = JobStatus.Deadline(job) is { } deadline ? deadline - now : (TimeSpan?)null;
        return again is null ? limit : limit is null || again < limit ? again : limit;
    }

    private async Task<TimeSpan?> RunAsync(JsonObject job, List<JsonObject> pods, List<JsonObject> active, int wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Surplus(job, active, wanted) is { Count: > 0 } surplus)
        {
            await DeleteAsync(job, surplus, cancellationToken);
            return null;
        }

        // One that is to be replaced only when it has failed holds its place until then.
        var ending = Text(job, "spec.podReplacementPolicy") == "Failed" ? pods.Count(pod => Ownership.IsDeleting(pod) && !PodState.HasEnded(pod)) : 0;
        var missing = wanted - active.Count - ending;
        if (missing <= 0)
        {
            return null;
        }

        if (Delay(job, pods) is { } due && due - now is { Ticks: > 0 } wait)
        {
            return wait;
        }

        var parts = JobIndexes.Has(job) ? [.. JobIndexes.Open(job, pods, active, missing).Select(index => (int?)index)] : Enumerable.Repeat((int?)null, missing).ToList();
        foreach (var part in parts)
        {
            var name = Text(job, "metadata.name");
            var pod = PodBlueprint.Of(ResourceType.Job, job, At(job, "spec.template"), _changes.NextName(job, _pods, part is { } number ? Invariant($"{name}-{number}-") : $"{name}-"));
            if (part is { } index)
            {
                JobIndexes.Give(pod, name, index);
            }

            await _changes.CreateAsync(job, pod, cancellationToken);
        }

        return null;
    }

    // More than are wanted any more.
    private static List<JsonObject> Surplus(JsonObject job, List<JsonObject> active, int wanted)
    {
        List<JsonObject> needless = JobIndexes.Has(job) ? [.. JobIndexes.Needless(job, active)] : [];
        var rest = active.Except(needless).ToList();
        return rest.Count > wanted ? [.. needless, .. DeletionRanking.Victims(rest, rest, rest.Count - wanted)] : needless;
    }

    // After a failure a pod is started again later each time, until one has gone well.
    private static DateTimeOffset? Delay(JsonObject job, List<JsonObject> pods)
    {
        var success = pods.Where(pod => Text(pod, "status.phase") == "Succeeded").Select(JobStatus.EndOf).Max();
        var failures = pods.Where(pod => Text(pod, "status.phase") == "Failed" && !JobFailurePolicy.IsIgnored(job, pod)).Select(JobStatus.EndOf).Where(end => success is null || end > success).ToList();
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures.Count - 1, 16));
        return failures.Max() + (delay < LongestRetry ? delay : LongestRetry);
    }

    private async Task EndAsync(JsonObject job, JsonObject status, List<JsonObject> active, string type, string reason, string message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await DeleteAsync(job, active, cancellationToken);
        status.Remove("active");
        status["ready"] = 0;
        Conditions.Set(status, type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget", "True", Timestamps.Format(now), reason, message);
        Conditions.Set(status, type, "True", Timestamps.Format(now), reason, message);
        if (type == "Complete")
        {
            status["completionTime"] = Timestamps.Format(now);
        }

        await Objects.SetStatusAsync(ResourceType.Job, job, status, cancellationToken);
        Objects.Record(job, type == "Complete" ? "Normal" : "Warning", type == "Complete" ? "Completed" : reason, type == "Complete" ? "Job completed" : message);
    }

    private async Task DeleteAsync(JsonObject job, List<JsonObject> active, CancellationToken cancellationToken)
    {
        foreach (var pod in active)
        {
            await _changes.DeleteAsync(job, pod, cancellationToken);
        }
    }

    private async Task SetStatusAsync(JsonObject job, JsonObject status, CancellationToken cancellationToken)
    {
        var (before, after) = (Conditions.Find(job, "Suspended"), Items(status, "conditions").FirstOrDefault(condition => Text(condition, "type") == "Suspended"));
        await Objects.SetStatusAsync(ResourceType.Job, job, status, cancellationToken);
        if (after is not null && Text(before, "status") != Text(after, "status"))
        {
            Objects.Record(job, "Normal", Text(after, "status") == "True" ? "Suspended" : "Resumed", Text(after, "message"));
        }
    }

    private async Task<TimeSpan?> CollectAsync(JsonObject job, ObjectName name, DateTimeOffset end, CancellationToken cancellationToken)
    {
        if (At(job, "spec.ttlSecondsAfterFinished") is null)
        {
            return null;
        }

        var left = end.AddSeconds(Number(job, "spec.ttlSecondsAfterFinished")) - Clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        await Objects.DeleteAsync(ResourceType.Job, name, cancellationToken, new() { Propagation = "Foreground" });
        return null;
    }

    private IEnumerable<ObjectName> OfPod(ObjectChange change)
    {
        _changes.Expectations.Observe(change);
        return Ownership.ControllerOf(change.Latest) is { } owner && Text(owner, "kind") == "Job" ? [new(Text(change.Latest, "metadata.namespace"), Text(owner, "name"))] : [];
    }
}
