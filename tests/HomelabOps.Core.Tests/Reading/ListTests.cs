using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

public sealed class ListTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_pages_are_read_in_order_wherever_the_metadata_is(bool custom)
    {
        await using var server = new FakeApiServer((request, reply) => reply.SendAsync(ListPages.Page(request.Query("continue"), custom)));
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 9), await client.NamesAsync());
        Assert.Equal(["500", "2000", "2000"], server.Requests.Select(request => request.Query("limit")));
        Assert.All(server.Requests, request => Assert.Equal("/api/v1/namespaces/media/pods", request.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_page_is_asked_for_before_this_one_is_consumed(bool custom)
    {
        await using var server = new FakeApiServer((request, reply) => reply.SendAsync(ListPages.Page(request.Query("continue"), custom)));
        using var client = server.Client();

        await using var pods = client.Pods(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await pods.MoveNextAsync());

        // The consumer holds the first item of the first page and asks for no other.
        await server.RequestAsync(request => request.Query("continue") == "t1");
    }

    [Theory]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""")]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":null}""")]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"}}""")]
    [InlineData("""{"items":null,"metadata":null}""")]
    [InlineData("{}")]
    public async Task An_empty_list_gives_nothing(string body)
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(body));
        using var client = server.Client();

        Assert.Empty(await client.NamesAsync());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Unknown_fields_are_passed_over_also_those_that_look_like_known_ones()
    {
        const string Body = """
            {"later":{"items":[{"metadata":{"name":"no"}}],"metadata":{"continue":"no"}},"metadata":{"selfLink":"","resourceVersion":"1","remainingItemCount":4},
            "more":[1,[2,{"items":3}]],"items":[{"metadata":{"name":"yes","later":{"name":"no"}},"status":null,"items":[1]}],"items2":[{"metadata":{"name":"no"}}]}
            """;
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(Body));
        using var client = server.Client();

        Assert.Equal(["yes"], await client.NamesAsync());
    }

    [Fact]
    public async Task An_item_may_be_larger_than_the_buffer()
    {
        var large = FakeCluster.Item("large").Replace("\"status\":null", $"\"status\":{{\"message\":\"{new string('x', 400_000)}\"}}", StringComparison.Ordinal);
        await using var server = new FakeApiServer((_, reply) => reply.PiecesAsync(FakeCluster.List([FakeCluster.Item("a"), large, FakeCluster.Item("b")]), 30_000));
        using var client = server.Client();

        Assert.Equal(["a", "large", "b"], await client.NamesAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Chunks_of_any_size_carry_a_list(int size)
    {
        await using var server = new FakeApiServer((_, reply) => reply.PiecesAsync(FakeCluster.List(FakeCluster.Items(0, 20)), size));
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 20), await client.NamesAsync());
    }

    [Fact]
    public async Task The_query_is_escaped()
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(FakeCluster.List([])));
        using var client = server.Client();

        var query = new ListQuery { LabelSelector = "app in (a,b),x!=1&2", FieldSelector = "metadata.name=a+b" };
        await foreach (var _ in client.ListAsync(ResourceType.Pod, query, WireContext.Default.PodWire))
        {
        }

        var request = Assert.Single(server.Requests);
        Assert.Equal("app in (a,b),x!=1&2", request.Query("labelSelector"));
        Assert.Equal("metadata.name=a+b", request.Query("fieldSelector"));
        Assert.Equal("/api/v1/pods", request.Path);
    }
}
