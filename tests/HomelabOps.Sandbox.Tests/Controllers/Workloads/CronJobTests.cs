using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class CronJobTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task It_starts_a_Job_at_each_of_its_times_and_keeps_the_last_ones()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await CreateAsync(cluster, "\"successfulJobsHistoryLimit\":1,");
        Assert.Empty(await cluster.ListAsync(ResourceType.Job));
        for (var count = 0; count < 3; count++)
        {
            var due = await NextAsync(cluster);
            var job = await JobAsync(cluster, due);
            Assert.True(Ownership.IsControlledBy(job, Types.CronJob, "tick"));
            Assert.Equal("nightly", (string?)job["metadata"]!["labels"]!["kind"]);
            var cron = await cluster.UntilAsync(Types.CronJob, "tick", item => Text(item, "status.lastScheduleTime") == Timestamps.Format(due) && Count(item, "status.active") == 1, "it says so");
            Assert.Equal(Text(job, "metadata.name"), Text(Items(cron, "status.active").First(), "name"));
            await FinishAsync(cluster, job);
            await cluster.UntilAsync(Types.CronJob, "tick", item => Count(item, "status.active") == 0 && Text(item, "status.lastSuccessfulTime").Length > 0, "it has seen the end");
        }

        await Cluster.UntilAsync(async () => (await cluster.ListAsync(ResourceType.Job)).Count == 1, "only the last is kept");
        await cluster.PodsAsync(1);
        Assert.Equal(3, (await cluster.EventsAsync("tick")).Count(item => item.Reason == "SuccessfulCreate"));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task With_Forbid_the_next_waits_for_the_end_of_the_last()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await CreateAsync(cluster, "\"concurrencyPolicy\":\"Forbid\",");
        var first = await JobAsync(cluster, await NextAsync(cluster));
        var missed = await NextAsync(cluster);
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("tick")).Exists(item => item.Reason == "JobAlreadyActive"), "it is told");
        await cluster.RestAsync();
        Assert.Single(await cluster.ListAsync(ResourceType.Job));

        await FinishAsync(cluster, first);
        await JobAsync(cluster, missed);
    }

    [Fact]
    public async Task With_Replace_the_last_is_ended()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await CreateAsync(cluster, "\"concurrencyPolicy\":\"Replace\",");
        var first = await JobAsync(cluster, await NextAsync(cluster));
        var second = await JobAsync(cluster, await NextAsync(cluster));
        await cluster.GoneAsync(ResourceType.Job, Text(first, "metadata.name"));
        await cluster.UntilAsync(Types.CronJob, "tick", item => Items(item, "status.active").Select(job => Text(job, "name")).SequenceEqual([Text(second, "metadata.name")]), "only the new one is active");
        Assert.True(Ownership.IsControlledBy((await cluster.PodsAsync(1))[0], ResourceType.Job, Text(second, "metadata.name")));
    }

    [Fact]
    public async Task With_Allow_both_run()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await CreateAsync(cluster);
        await JobAsync(cluster, await NextAsync(cluster));
        await JobAsync(cluster, await NextAsync(cluster));
        await cluster.UntilAsync(Types.CronJob, "tick", item => Count(item, "status.active") == 2, "both are active");
    }

    [Fact]
    public async Task A_suspended_one_starts_nothing_and_what_is_too_late_is_not_made_up_for()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await CreateAsync(cluster, "\"suspend\":true,\"startingDeadlineSeconds\":30,");
        await NextAsync(cluster, TimeSpan.FromMinutes(1));
        await cluster.RestAsync();
        await cluster.PatchAsync(Types.CronJob, "tick", """{"spec":{"suspend":false}}""");
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("tick")).Exists(item => item.Reason == "MissSchedule"), "it is told");
        await cluster.RestAsync();
        Assert.Empty(await cluster.ListAsync(ResourceType.Job));

        await JobAsync(cluster, await NextAsync(cluster));
    }

    private static Task<JsonObject> CreateAsync(Cluster cluster, string spec = "") => cluster.CreateAsync(Types.CronJob, $$"""
        {"metadata":{"name":"tick"},"spec":{"schedule":"*/5 * * * *",{{spec}}
        "jobTemplate":{"metadata":{"labels":{"kind":"nightly"} },"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"main:1"}]} } } } } }
        """);

    // Jumps to the next time at which a Job is due, and gives it.
    private static async Task<DateTimeOffset> NextAsync(Cluster cluster, TimeSpan after = default)
    {
        await cluster.RestAsync();
        var now = cluster.Clock.GetUtcNow();
        var due = new DateTimeOffset((now.UtcTicks / Pace.Ticks * Pace.Ticks) + Pace.Ticks, TimeSpan.Zero);
        cluster.Clock.Advance(due + after - now + TimeSpan.FromMilliseconds(1));
        return due;
    }

    private static Task<JsonObject> JobAsync(Cluster cluster, DateTimeOffset due) =>
        cluster.UntilAsync(ResourceType.Job, $"tick-{due.ToUnixTimeSeconds() / 60}", job => Number(job, "status.active") == 1, $"the Job of {due:T} is there");

    private static async Task FinishAsync(Cluster cluster, JsonObject job)
    {
        var pods = await cluster.PodsAsync(1, pod => Text(pod, "status.phase") == "Running" && Ownership.IsControlledBy(pod, ResourceType.Job, Text(job, "metadata.name")));
        await cluster.EndAsync(pods[0], 0);
    }
}
