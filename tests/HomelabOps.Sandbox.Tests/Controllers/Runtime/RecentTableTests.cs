using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class RecentTableTests
{
    [Fact]
    public void What_was_asked_for_the_longest_time_ago_is_forgotten()
    {
        var made = 0;
        var table = new RecentTable<string, int>(2);
        int Get(string key) => table.GetOrAdd(key, () => ++made);

        Assert.Equal((1, 2, 1), (Get("a"), Get("b"), Get("a")));
        Assert.Equal(3, Get("c"));
        Assert.Equal((1, 4), (Get("a"), Get("b")));
        Assert.Equal(2, table.Count);
    }
}
