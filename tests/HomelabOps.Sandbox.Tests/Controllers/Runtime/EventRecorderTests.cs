using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class EventRecorderTests
{
    [Fact]
    public async Task What_cannot_be_written_is_tried_again_and_holds_nothing_up()
    {
        await using var cluster = new Cluster();
        using var first = Meet(cluster, out var fault);
        Record(cluster, "one");
        await MetAsync(cluster, fault);
        Record(cluster, "one");
        Record(cluster, "other");
        await WrittenAsync(cluster, "other", 1);
        Assert.Null(await FindAsync(cluster, "one"));

        // What was told meanwhile is counted.
        cluster.Clock.Advance(EventRecorder.Pause);
        await WrittenAsync(cluster, "one", 2);
    }

    [Fact]
    public async Task A_count_that_cannot_be_written_is_tried_again_too()
    {
        await using var cluster = new Cluster();
        Record(cluster, "one");
        await WrittenAsync(cluster, "one", 1);
        using (cluster.Server.Faults.Add(new WireFault(WireFaultKind.InternalError) { Verb = "patch", Resource = "events" }))
        {
            Record(cluster, "one");
            await Cluster.UntilAsync(() => Task.FromResult(cluster.Host.Events.IsIdle), "it was tried", TimeSpan.FromMinutes(1));
        }

        cluster.Clock.Advance(EventRecorder.Pause);
        await WrittenAsync(cluster, "one", 2);
    }

    [Fact]
    public async Task It_gives_up_in_the_end()
    {
        await using var cluster = new Cluster();
        for (var tries = 0; tries < EventRecorder.Tries; tries++)
        {
            using var meeting = Meet(cluster, out var fault);
            if (tries == 0)
            {
                Record(cluster, "one");
            }
            else
            {
                cluster.Clock.Advance(EventRecorder.Pause);
            }

            await MetAsync(cluster, fault);
        }

        cluster.Clock.Advance(EventRecorder.Pause);
        Record(cluster, "other");
        await WrittenAsync(cluster, "other", 1);
        Assert.Null(await FindAsync(cluster, "one"));

        // What happens once more is told, with all that was not.
        Record(cluster, "one");
        await WrittenAsync(cluster, "one", 2);
    }

    [Fact]
    public async Task What_is_refused_is_not_tried_again()
    {
        await using var cluster = new Cluster();
        var about = About("one");
        about["metadata"]!["namespace"] = "nowhere";
        cluster.Host.Events.Record("tester", about, "Normal", "Happened", "it happened");
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Host.Events.IsIdle), "it was refused");
        await cluster.Client.CreateAsync(new ResourceType("", "v1", "namespaces", "Namespace", false), null, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "nowhere" } }, Cluster.Stop);
        cluster.Clock.Advance(EventRecorder.Pause);
        Record(cluster, "other");
        await WrittenAsync(cluster, "other", 1);
        Assert.Null(await FindAsync(cluster, "one"));
    }

    private static IDisposable Meet(Cluster cluster, out WireFault fault)
    {
        fault = new WireFault(WireFaultKind.InternalError) { Verb = "create", Resource = "events", Times = 1 };
        return cluster.Server.Faults.Add(fault);
    }

    private static Task MetAsync(Cluster cluster, WireFault fault) => Cluster.UntilAsync(() => Task.FromResult(fault.IsSpent && cluster.Host.Events.IsIdle), "the fault was met");

    private static JsonObject About(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = name },
    };

    private static void Record(Cluster cluster, string name) => cluster.Host.Events.Record("tester", About(name), "Warning", "Broken", "it broke");

    private static Task WrittenAsync(Cluster cluster, string name, int count) =>
        Cluster.UntilAsync(async () => (int?)(await FindAsync(cluster, name))?["count"] == count, $"the event about {name} counts {count}");

    private static async Task<JsonObject?> FindAsync(Cluster cluster, string about)
    {
        await foreach (var found in cluster.Client.ListAsync(ResourceType.Event, new ListQuery(), Core.Kubernetes.Objects.ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            if ((string?)found.Json["involvedObject"]?["name"] == about)
            {
                return found.Json;
            }
        }

        return null;
    }
}
