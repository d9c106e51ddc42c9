using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;

namespace HomelabOps.Sandbox.Tests.Controllers.Scheduling;

public sealed class PodCountsTests
{
    private static readonly JsonObject ByLabels = new() { ["matchLabels"] = new JsonObject { ["app"] = "web", ["hash"] = "1" } };
    private static readonly JsonObject ByExpression = JsonNode.Parse("""{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}""")!.AsObject();
    private readonly PlacedPods _placed = new();

    [Fact]
    public void A_selector_is_counted_when_it_is_asked_for_and_kept_up()
    {
        Set("a", "w1", Pod("a", "web", "1"));
        Set("old", "w1", Pod("old", "web", "0"));
        Assert.Equal([("w1", 1)], Counts(ByLabels));
        Assert.Empty(Counts(ByExpression));

        Set("b", "w1", Pod("b", "web", "1"));
        Set("c", "w2", Pod("c", "web", "1"));
        Set("other", "w2", Pod("other", "db", "1"));
        Assert.Equal([("w1", 2), ("w2", 1)], Counts(ByLabels));
        Assert.Equal([("w2", 1)], Counts(ByExpression));
        Assert.Empty(_placed.Count("other", ByLabels));
    }

    [Fact]
    public void Pods_that_go_end_or_change_their_labels_are_counted_no_more()
    {
        Assert.Empty(Counts(ByLabels));
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Set(name, "w1", Pod(name, "web", "1"));
        }

        Set("a", "", Pod("a", "web", "1"));
        Set("b", "w1", Pod("b", "web", "2"));
        var ending = Pod("c", "web", "1");
        ending["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        Set("c", "w1", ending);
        Assert.Equal([("w1", 1)], Counts(ByLabels));
        Assert.Equal(3, _placed.Read("w1", load => load.Pods));

        Set("c", "", ending);
        Set("d", "w2", Pod("d", "web", "1"));
        Assert.Equal([("w2", 1)], Counts(ByLabels));
    }

    [Fact]
    public void However_many_selectors_there_are_each_is_right()
    {
        for (var index = 0; index < 5000; index++)
        {
            Set($"p{index}", "w1", Pod($"p{index}", "web", $"{index}"));
            Assert.Equal([("w1", 1)], Counts(new JsonObject { ["matchLabels"] = new JsonObject { ["hash"] = $"{index}" } }));
        }

        Set("again", "w2", Pod("again", "web", "0"));
        Assert.Equal([("w1", 1), ("w2", 1)], Counts(new JsonObject { ["matchLabels"] = new JsonObject { ["hash"] = "0" } }));
    }

    private static JsonObject Pod(string name, string app, string hash) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name, ["labels"] = new JsonObject { ["app"] = app, ["hash"] = hash } },
        ["spec"] = new JsonObject(),
    };

    [Fact]
    public void What_was_decided_counts_until_it_is_forgotten_or_seen_otherwise()
    {
        var pod = Pod("a", "web", "1");
        _placed.Assume(new("default", "a"), "w1", pod);
        Assert.Equal([("w1", 1)], Counts(ByLabels));
        Assert.False(_placed.IsSettled(pod));
        _placed.Forget(new("default", "a"));
        Assert.Empty(Counts(ByLabels));

        _placed.Assume(new("default", "a"), "w1", pod);
        _placed.Confirm(new("default", "a"));
        Assert.True(_placed.IsSettled(pod));
        Set("a", "w2", Pod("a", "web", "1"));
        _placed.Forget(new("default", "a"));
        _placed.Assume(new("default", "a"), "w1", pod);
        Assert.Equal([("w2", 1)], Counts(ByLabels));
        Assert.Equal((0, 1), (_placed.Read("w1", load => load.Pods), _placed.Read("w2", load => load.Pods)));
    }

    // What a watch tells; with an empty node the pod is gone.
    private void Set(string name, string node, JsonObject pod)
    {
        Assert.Equal(name, ObjectName.Of(pod).Name);
        pod["spec"]!["nodeName"] = node;
        _placed.Change(node.Length > 0 ? new(null, pod) : new(pod, null));
    }

    private (string, int)[] Counts(JsonObject selector) => [.. _placed.Count("default", selector).OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, count.Value))];
}
