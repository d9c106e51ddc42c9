using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class EventExpiryTests
{
    [Fact]
    public async Task An_event_goes_an_hour_after_it_was_last_written_and_watches_are_told()
    {
        await using var cluster = new Cluster();
        foreach (var name in (string[])["old", "counted"])
        {
            await cluster.Client.CreateAsync(ResourceType.Event, "default", Event(name), Cluster.Stop);
        }

        var events = cluster.Server.Context.Collection("v1", "Event");
        cluster.Clock.Advance(TimeSpan.FromMinutes(50));
        await cluster.Client.PatchAsync(ResourceType.Event, "default", "counted", PatchKind.Merge, new JsonObject { ["count"] = 2 }, Cluster.Stop);
        var start = events.Revision;
        Assert.NotNull(await cluster.Client.FindObjectAsync(ResourceType.Event, "default", "old", Cluster.Stop));
        cluster.Clock.Advance(TimeSpan.FromMinutes(12));
        await Cluster.UntilAsync(async () => await cluster.Client.FindObjectAsync(ResourceType.Event, "default", "old", Cluster.Stop) is null, "the old one has gone");
        Assert.NotNull(await cluster.Client.FindObjectAsync(ResourceType.Event, "default", "counted", Cluster.Stop));
        Assert.Equal("old", Assert.Single(events.EventsAfter(start) ?? [], change => change.Type == "DELETED").After.Key.Name);

        cluster.Clock.Advance(TimeSpan.FromMinutes(50));
        await Cluster.UntilAsync(async () => await cluster.Client.FindObjectAsync(ResourceType.Event, "default", "counted", Cluster.Stop) is null, "the other one has gone");
    }

    private static JsonObject Event(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = "p", ["namespace"] = "default" },
        ["reason"] = "Test",
        ["type"] = "Normal",
    };
}
