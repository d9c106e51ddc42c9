using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Starts the Jobs of a CronJob at their times, and keeps a few of the last ones.</summary>
internal sealed class CronJobController : Controller
{
    private readonly Informer _crons;
    private readonly Informer _jobs;

    public CronJobController(ControllerHost host)
        : base(host, "cronjob-controller")
    {
        _crons = Watch(Types.CronJob);
        _jobs = Watch(ResourceType.Job, job => Ownership.ControllerOf(job) is { } owner && Text(owner, "kind") == "CronJob" ? [new(Text(job, "metadata.namespace"), Text(owner, "name"))] : []);
        _ = _jobs.ByController;
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_crons.Find(name) is not { } cron || Ownership.IsDeleting(cron))
        {
            return null;
        }

        var jobs = _jobs.ByController[Ownership.Uid(cron)].OrderBy(job => Text(job, "metadata.creationTimestamp"), StringComparer.Ordinal).ToList();
        var status = Status(cron, jobs);
        await CollectAsync(cron, jobs, cancellationToken);
        var (zone, text) = (Text(cron, "spec.timeZone"), Text(cron, "spec.schedule"));
        if ((bool?)At(cron, "spec.suspend") == true || CronSchedule.Parse(zone.Length > 0 ? $"CRON_TZ={zone} {text}" : text) is not { } schedule)
        {
            await Objects.SetStatusAsync(Types.CronJob, cron, status, cancellationToken);
            return null;
        }

        var now = Clock.GetUtcNow();
        var last = Timestamps.Parse(Text(status, "lastScheduleTime")) ?? Timestamps.Parse(Text(cron, "metadata.creationTimestamp")) ?? now;
        if (Due(schedule, last, now) is { } due)
        {
            if (jobs.Exists(job => Text(job, "metadata.name") == JobName(cron, due)))
            {
                // It was started, and only the status does not say so yet.
                status["lastScheduleTime"] = Timestamps.Format(due);
            }
            else if (At(cron, "spec.startingDeadlineSeconds") is not null && now - due > TimeSpan.FromSeconds(Number(cron, "spec.startingDeadlineSeconds")))
            {
                Objects.Record(cron, "Warning", "MissSchedule", $"Missed scheduled time to start a job: {due.UtcDateTime:R}");
            }
            else if (Count(status, "active") > 0 && Text(cron, "spec.concurrencyPolicy") == "Forbid")
            {
                Objects.Record(cron, "Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            }
            else
            {
                await StartAsync(cron, status, jobs, due, cancellationToken);
            }
        }

        await Objects.SetStatusAsync(Types.CronJob, cron, status, cancellationToken);
        return schedule.Next(now) - now;
    }

    // The newest time that was missed; those before it are not made up for, nor is one of more than a day ago.
    private static DateTimeOffset? Due(CronSchedule schedule, DateTimeOffset last, DateTimeOffset now)
    {
        DateTimeOffset? due = null;
        var from = now - last > TimeSpan.FromDays(1) ? now - TimeSpan.FromDays(1) : last;
        for (var next = schedule.Next(from); next is { } time && time <= now; next = schedule.Next(time))
        {
            due = time;
        }

        return due;
    }

    private async Task StartAsync(JsonObject cron, JsonObject status, List<JsonObject> jobs, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (Text(cron, "spec.concurrencyPolicy") == "Replace")
        {
            foreach (var running in jobs.Where(job => JobStatus.End(job) is null))
            {
                await Objects.DeleteAsync(ResourceType.Job, ObjectName.Of(running), cancellationToken, new() { Propagation = "Background" });
                Objects.Record(cron, "Normal", "SuccessfulDelete", $"Deleted job {Text(running, "metadata.name")}");
            }
        }

        var template = At(cron, "spec.jobTemplate");
        var name = JobName(cron, due);
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = Text(cron, "metadata.namespace"), ["ownerReferences"] = new JsonArray(Ownership.Reference(Types.CronJob, cron)) };
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (At(template, $"metadata.{field}") is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = Timestamps.Format(due);
        if (await Objects.CreateAsync(ResourceType.Job, new JsonObject { ["metadata"] = metadata, ["spec"] = template!["spec"]!.DeepClone() }, cancellationToken) is { } job)
        {
            ((JsonArray)(status["active"] ??= new JsonArray())).Add(new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = name, ["namespace"] = Text(cron, "metadata.namespace"), ["uid"] = Ownership.Uid(job) });
            Objects.Record(cron, "Normal", "SuccessfulCreate", $"Created job {name}");
        }

        status["lastScheduleTime"] = Timestamps.Format(due);
    }

    private static string JobName(JsonObject cron, DateTimeOffset due) => string.Create(CultureInfo.InvariantCulture, $"{Text(cron, "metadata.name")}-{due.ToUnixTimeSeconds() / 60}");

    private static JsonObject Status(JsonObject cron, List<JsonObject> jobs)
    {
        var status = (cron["status"] as JsonObject ?? []).DeepClone().AsObject();
        status.Remove("active");
        var active = jobs.Where(job => JobStatus.End(job) is null).Select(job => new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["name"] = Text(job, "metadata.name"),
            ["namespace"] = Text(job, "metadata.namespace"),
            ["uid"] = Ownership.Uid(job),
        }).ToArray();
        if (active.Length > 0)
        {
            status["active"] = new JsonArray(active);
        }

        if (jobs.Select(job => Text(job, "status.completionTime")).Order(StringComparer.Ordinal).LastOrDefault() is { Length: > 0 } success)
        {
            status["lastSuccessfulTime"] = success;
        }

        return status;
    }

    private async Task CollectAsync(JsonObject cron, List<JsonObject> jobs, CancellationToken cancellationToken)
    {
        foreach (var (type, field, usual) in new[] { ("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1) })
        {
            var limit = At(cron, $"spec.{field}") is null ? usual : (int)Number(cron, $"spec.{field}");
            var ended = jobs.Where(job => Items(job, "status.conditions").Any(condition => Text(condition, "type") == type && Text(condition, "status") == "True")).ToList();
            foreach (var old in ended.Take(ended.Count - limit))
            {
                await Objects.DeleteAsync(ResourceType.Job, ObjectName.Of(old), cancellationToken, new() { Propagation = "Background" });
            }
        }
    }
}
