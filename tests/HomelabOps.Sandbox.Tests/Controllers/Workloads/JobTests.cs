using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class JobTests
{
    [Fact]
    public async Task It_runs_until_enough_have_succeeded_and_is_collected_by_its_time_to_live()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job("\"completions\":2,\"ttlSecondsAfterFinished\":100,"));
        var first = Assert.Single(await cluster.PodsAsync(1));
        Assert.True(Ownership.IsControlledBy(first, ResourceType.Job, "once"));
        Assert.Equal("once", (string?)first["metadata"]!["labels"]!["job-name"]);
        await cluster.UntilAsync(ResourceType.Job, "once", job => Number(job, "status.active") == 1 && Number(job, "status.ready") == 1 && Text(job, "status.startTime").Length > 0, "it is at work");

        await cluster.EndAsync(first, 0);
        var second = (await cluster.PodsAsync(1, IsRunning))[0];
        await cluster.EndAsync(second, 0);
        var done = await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Complete").Length > 0, "it is complete");
        Assert.Equal((2, "CompletionsReached"), (Number(done, "status.succeeded"), done.Reason("Complete")));
        Assert.Null(done["status"]!["active"]);
        Assert.NotEmpty(Text(done, "status.completionTime"));
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("once")).Contains(("Completed", "Job completed")), "it is told");
        await cluster.RestAsync();
        Assert.NotNull(await cluster.FindAsync(ResourceType.Job, "once"));

        cluster.Clock.Advance(TimeSpan.FromSeconds(101));
        await cluster.GoneAsync(ResourceType.Job, "once");
        await cluster.PodsAsync(0);
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task It_is_tried_again_later_each_time_and_fails_in_the_end()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job("\"backoffLimit\":2,"));
        for (var (failures, delay) = (1, 10); failures <= 2; failures++, delay *= 2)
        {
            await cluster.EndAsync((await cluster.PodsAsync(1, IsRunning))[0], 1);
            await cluster.UntilAsync(ResourceType.Job, "once", job => Number(job, "status.failed") == failures && Number(job, "status.active") == 0, "the failure is counted");
            await cluster.RestAsync();
            await cluster.PodsAsync(failures);
            cluster.Clock.Advance(TimeSpan.FromSeconds(delay + 1));
        }

        await cluster.EndAsync((await cluster.PodsAsync(1, IsRunning))[0], 1);
        var failed = await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Failed").Length > 0, "it has failed");
        Assert.Equal(("BackoffLimitExceeded", "Job has reached the specified backoff limit", 3), (failed.Reason("Failed"), failed.Message("Failed"), Number(failed, "status.failed")));
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("once")).Exists(item => item.Reason == "BackoffLimitExceeded"), "it is told");
        await cluster.PodsAsync(3);
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_failed_pod_that_somebody_deletes_stays_counted()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job("\"backoffLimit\":3,"));
        var pod = (await cluster.PodsAsync(1, IsRunning))[0];
        await cluster.EndAsync(pod, 1);
        await cluster.UntilAsync(ResourceType.Job, "once", job => Number(job, "status.failed") == 1, "the failure is counted");
        await cluster.DeleteAsync(ResourceType.Pod, Text(pod, "metadata.name"));
        cluster.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.NotEqual(Text(pod, "metadata.name"), Text((await cluster.PodsAsync(1, IsRunning))[0], "metadata.name"));
        Assert.Equal(1, Number(await cluster.GetAsync(ResourceType.Job, "once"), "status.failed"));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task It_fails_when_its_pod_was_restarted_too_often()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job("\"backoffLimit\":2,", "OnFailure"));
        var pod = Text((await cluster.PodsAsync(1, IsRunning))[0], "metadata.name");
        await cluster.PatchAsync(ResourceType.Pod, pod, """{"status":{"containerStatuses":[{"name":"main","image":"main:1","imageID":"","ready":false,"restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", "status");

        Assert.Equal("BackoffLimitExceeded", (await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Failed").Length > 0, "it has failed")).Reason("Failed"));
        await cluster.PodsAsync(0);
    }

    [Fact]
    public async Task It_fails_at_its_deadline()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job("\"activeDeadlineSeconds\":60,"));
        await cluster.PodsAsync(1);
        await cluster.UntilAsync(ResourceType.Job, "once", job => Number(job, "status.active") == 1, "it is at work");
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(62));

        Assert.Equal("DeadlineExceeded", (await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Failed").Length > 0, "it has failed")).Reason("Failed"));
        await cluster.PodsAsync(0);
    }

    [Fact]
    public async Task A_suspended_one_has_no_pods_until_it_goes_on()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(ResourceType.Job, Job(""));
        await cluster.PodsAsync(1);
        await cluster.PatchAsync(ResourceType.Job, "once", """{"spec":{"suspend":true}}""");
        var held = await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Suspended") == "JobSuspended" && Number(job, "status.active") == 0, "it is suspended");
        Assert.Empty(Text(held, "status.startTime"));
        await cluster.PodsAsync(0);

        await cluster.PatchAsync(ResourceType.Job, "once", """{"spec":{"suspend":false}}""");
        await cluster.UntilAsync(ResourceType.Job, "once", job => job.Reason("Suspended") == "JobResumed" && Number(job, "status.active") == 1, "it goes on");
        Assert.Empty(cluster.Host.Faults);
    }

    private static bool IsRunning(JsonObject pod) => Text(pod, "status.phase") == "Running";

    private static string Job(string spec, string restart = "Never") => $$"""
        {"metadata":{"name":"once"},"spec":{ {{spec}}"template":{"spec":{"restartPolicy":"{{restart}}","containers":[{"name":"main","image":"main:1"}]} } } }
        """;
}
