using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class ControllerTests
{
    [Fact]
    public async Task It_sees_what_was_there_and_what_comes_and_is_not_told_twice()
    {
        await using var cluster = new Cluster();
        await CreateAsync(cluster, "before");
        var controller = cluster.Host.Add(new Stamping(cluster.Host));
        await cluster.Host.StartAsync(Cluster.Stop);
        await CreateAsync(cluster, "after");

        await Cluster.UntilAsync(async () => await StampAsync(cluster, "before") == "1" && await StampAsync(cluster, "after") == "1", "both are stamped");
        await Cluster.UntilAsync(() => Task.FromResult(controller.IsIdle), "it comes to rest");
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task It_looks_again_when_the_homelab_s_clock_says_so()
    {
        await using var cluster = new Cluster();
        cluster.Host.Add(new Stamping(cluster.Host) { Again = TimeSpan.FromHours(1) });
        await cluster.Host.StartAsync(Cluster.Stop);
        await CreateAsync(cluster, "one");
        await Cluster.UntilAsync(async () => await StampAsync(cluster, "one") == "1", "it is stamped once");

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await Cluster.UntilAsync(async () => await StampAsync(cluster, "one") == "2", "it is stamped again");
    }

    [Fact]
    public async Task A_name_that_fails_comes_back_and_the_others_go_on()
    {
        await using var cluster = new Cluster();
        cluster.Host.Add(new Stamping(cluster.Host) { FailuresOfFirst = 3 });
        await cluster.Host.StartAsync(Cluster.Stop);
        await CreateAsync(cluster, "fails-first");
        await CreateAsync(cluster, "other");

        await Cluster.UntilAsync(async () => await StampAsync(cluster, "other") == "1" && await StampAsync(cluster, "fails-first") == "1", "both are stamped in the end");
        Assert.Equal(3, cluster.Host.Faults.Count);
    }

    [Fact]
    public async Task Watches_that_are_cut_and_a_place_that_is_gone_lose_nothing()
    {
        await using var cluster = new Cluster();
        cluster.Host.Add(new Stamping(cluster.Host));
        await cluster.Host.StartAsync(Cluster.Stop);
        for (var round = 0; round < 5; round++)
        {
            await CreateAsync(cluster, $"round-{round}");
            cluster.Server.Faults.CutWatches();
        }

        await Cluster.UntilAsync(
            async () =>
            {
                var stamps = new List<string?>();
                for (var round = 0; round < 5; round++)
                {
                    stamps.Add(await StampAsync(cluster, $"round-{round}"));
                }

                return stamps.TrueForAll(stamp => stamp == "1");
            },
            "all are stamped");
    }

    [Fact]
    public async Task The_same_event_counts_up()
    {
        await using var cluster = new Cluster();
        var item = await CreateAsync(cluster, "one");
        for (var time = 0; time < 3; time++)
        {
            cluster.Host.Events.Record("tester", item, "Warning", "Broken", "it broke");
        }

        await Cluster.UntilAsync(() => Task.FromResult(cluster.Host.Events.IsIdle), "the events are written");

        var events = new List<JsonObject>();
        await foreach (var found in cluster.Client.ListAsync(ResourceType.Event, new ListQuery { Namespace = "default" }, Core.Kubernetes.Objects.ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            events.Add(found.Json);
        }

        var only = Assert.Single(events, found => (string?)found["reason"] == "Broken");
        Assert.Equal(3, (int)only["count"]!);
        Assert.Equal("one", (string?)only["involvedObject"]?["name"]);
    }

    [Fact]
    public async Task A_controller_knows_of_its_own_write_when_that_has_ended()
    {
        await using var cluster = new Cluster();
        var maps = cluster.Host.Informer(Types.ConfigMap);
        await cluster.Host.StartAsync(Cluster.Stop);
        var objects = new ObjectClient(cluster.Host, "tester");
        await objects.CreateAsync(Types.ConfigMap, Named("one"), Cluster.Stop);
        for (var round = 0; round < 50; round++)
        {
            Assert.NotNull(maps.Find("default", "one"));
            await objects.MergeAsync(Types.ConfigMap, new("default", "one"), new JsonObject { ["data"] = new JsonObject { ["round"] = $"{round}" } }, Cluster.Stop);
            Assert.Equal($"{round}", (string?)maps.Find("default", "one")!["data"]!["round"]);
        }
    }

    [Fact]
    public async Task A_write_that_fails_says_why()
    {
        await using var cluster = new Cluster();
        var item = await CreateAsync(cluster, "one");
        var taken = await Assert.ThrowsAsync<HomelabException>(() => cluster.Client.CreateAsync(Types.ConfigMap, "default", Named("one"), Cluster.Stop));
        Assert.Equal(("ResourceExists", ErrorKind.ResourceExists), (taken.Id, taken.Kind));

        await cluster.Client.PatchAsync(Types.ConfigMap, "default", "one", PatchKind.Merge, new JsonObject { ["data"] = new JsonObject { ["a"] = "1" } }, Cluster.Stop);
        var changed = await Assert.ThrowsAsync<HomelabException>(() => cluster.Client.ReplaceAsync(Types.ConfigMap, "default", "one", item, Cluster.Stop));
        Assert.Equal(("ResourceConflict", ErrorKind.ResourceBusy), (changed.Id, changed.Kind));

        await cluster.Client.DeleteAsync(Types.ConfigMap, "default", "one", new DeleteRequest(), Cluster.Stop);
        Assert.Null(await cluster.Client.FindObjectAsync(Types.ConfigMap, "default", "one", Cluster.Stop));
        var gone = await Assert.ThrowsAsync<HomelabException>(() => cluster.Client.DeleteAsync(Types.ConfigMap, "default", "one", new DeleteRequest(), Cluster.Stop));
        Assert.Equal("ResourceNotFound", gone.Id);
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" } };

    private static Task<JsonObject> CreateAsync(Cluster cluster, string name) => cluster.Client.CreateAsync(Types.ConfigMap, "default", Named(name), Cluster.Stop);

    private static async Task<string?> StampAsync(Cluster cluster, string name) =>
        (string?)(await cluster.Client.FindObjectAsync(Types.ConfigMap, "default", name, Cluster.Stop))?["data"]?["stamp"];

    /// <summary>Counts in each ConfigMap how often it looked at it, but for its own changes.</summary>
    private sealed class Stamping : Controller
    {
        private readonly Informer _maps;
        private readonly Dictionary<ObjectName, int> _seen = [];
        private int _failures;

        public Stamping(ControllerHost host)
            : base(host, "stamping") => _maps = Watch(Types.ConfigMap, change => change.Before is null ? [ObjectName.Of(change.Latest)] : []);

        public TimeSpan? Again { get; init; }

        public int FailuresOfFirst { get; init; }

        protected override int Workers => 1;

        protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
        {
            if (name.Name == "fails-first" && _failures++ < FailuresOfFirst)
            {
                throw new InvalidOperationException("on purpose");
            }

            Assert.NotNull(_maps.Find(name));
            _seen[name] = _seen.GetValueOrDefault(name) + 1;
            await Objects.MergeAsync(Types.ConfigMap, name, new JsonObject { ["data"] = new JsonObject { ["stamp"] = $"{_seen[name]}" } }, cancellationToken);
            return Again;
        }
    }
}
