using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class ObjectIndexTests
{
    private readonly ObjectIndex _index = new(item => ((JsonArray)item["keys"]!).Select(key => (string)key!));

    [Fact]
    public void Objects_are_under_the_keys_that_they_have_now()
    {
        var (first, second) = (Item("a", "b"), Item("b", "c"));
        _index.Change(new(null, first));
        _index.Change(new(first, second));

        Assert.Empty(_index["a"]);
        Assert.Same(second, Assert.Single(_index["b"]));
        Assert.Same(second, Assert.Single(_index["c"]));

        _index.Change(new(second, null));
        Assert.Empty(_index["b"]);
        Assert.Empty(_index["c"]);
    }

    [Fact]
    public async Task An_object_that_changes_is_never_missing()
    {
        var item = Item("a");
        _index.Change(new(null, item));
        using var stop = new CancellationTokenSource();
        var missing = Task.Run(
            () =>
            {
                var count = 0;
                while (!stop.IsCancellationRequested)
                {
                    count += _index["a"].Any() ? 0 : 1;
                }

                return count;
            },
            TestContext.Current.CancellationToken);
        for (var change = 0; change < 200_000; change++)
        {
            var next = Item("a");
            _index.Change(new(item, next));
            item = next;
        }

        await stop.CancelAsync();
        Assert.Equal(0, await missing);
    }

    private static JsonObject Item(params string[] keys) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "x" },
        ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]),
    };
}
