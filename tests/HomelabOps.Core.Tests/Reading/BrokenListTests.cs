using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

/// <summary>Lists whose connection breaks: nothing is lost, nothing comes twice.</summary>
public sealed class BrokenListTests
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "t1")]
    [InlineData(false, "t2")]
    [InlineData(true, "")]
    [InlineData(true, "t1")]
    [InlineData(true, "t2")]
    public async Task A_page_that_is_cut_anywhere_is_taken_up_again(bool custom, string broken)
    {
        var body = ListPages.Page(broken, custom).TrimEnd();
        for (var length = 0; length < body.Length; length += 13)
        {
            var cuts = 0;
            await using var server = new FakeApiServer((request, reply) =>
                (request.Query("continue") ?? "") == broken && Interlocked.Increment(ref cuts) <= 2
                    ? reply.CutAsync(body, length)
                    : reply.SendAsync(ListPages.Page(request.Query("continue"), custom)));
            using var client = server.Client();

            Assert.Equal(FakeCluster.Names(0, 9), await client.NamesAsync());
        }
    }

    [Fact]
    public async Task A_first_page_is_taken_up_in_the_same_snapshot()
    {
        var body = ListPages.Page("");
        await using var server = new FakeApiServer((request, reply) =>
            request.Query("continue") is null && request.Query("resourceVersion") is null
                ? reply.CutAsync(body, body.IndexOf("pod-0002", StringComparison.Ordinal))
                : reply.SendAsync(ListPages.Page(request.Query("continue"))));
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 9), await client.NamesAsync());
        var again = server.Requests.Single(request => request.Query("resourceVersionMatch") == "Exact");
        Assert.Equal("10", again.Query("resourceVersion"));
        Assert.Equal("500", again.Query("limit"));
    }

    [Fact]
    public async Task A_list_of_custom_resources_that_changes_while_it_is_taken_up_gives_each_object_once()
    {
        // Their version comes last, so a first page that broke before its end can only be read in a newer state.
        var first = FakeCluster.CustomList(FakeCluster.Items(1, 3), "old");
        var attempts = 0;
        await using var server = new FakeApiServer((request, reply) => (request.Query("continue"), Interlocked.Increment(ref attempts)) switch
        {
            (null, 1) => reply.CutAsync(first, first.IndexOf("],", StringComparison.Ordinal)),
            (null, _) => reply.SendAsync(FakeCluster.CustomList(FakeCluster.Items(0, 3), "new")),
            ("new", _) => reply.SendAsync(FakeCluster.CustomList(FakeCluster.Items(3, 2))),
            _ => reply.FailAsync(400, "BadRequest", "unexpected token"),
        });
        using var client = server.Client();

        Assert.Equal(["pod-0001", "pod-0002", "pod-0003", "pod-0000", "pod-0004"], await client.NamesAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_undelimited_answer_that_ends_too_early_is_an_interruption_too(int cuts)
    {
        var attempts = 0;
        await using var server = new FakeApiServer(async (_, reply) =>
        {
            var body = FakeCluster.List(FakeCluster.Items(0, 3));
            await reply.BeginUndelimitedAsync();
            await reply.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Interlocked.Increment(ref attempts) <= cuts ? body[..(body.Length / 2)] : body));
        });
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 3), await client.NamesAsync());
        Assert.Equal(cuts + 1, attempts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(80)]
    [InlineData(250)]
    public async Task A_page_that_always_breaks_is_given_up(int length)
    {
        await using var server = new FakeApiServer((_, reply) => reply.CutAsync(ListPages.Page("t2"), length));
        using var client = server.Client(FakeCluster.Quick with { Attempts = 3 });

        var error = await client.FailureAsync();
        Assert.Equal("ResponseInterrupted", error.Id);
        Assert.Equal(ErrorKind.ConnectionError, error.Kind);
        Assert.Equal("pods", error.Target);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task What_arrived_before_the_break_has_been_delivered()
    {
        await using var server = new FakeApiServer(async (_, reply) =>
        {
            var body = FakeCluster.List(FakeCluster.Items(0, 3));
            await reply.CutAsync(body, body.IndexOf("pod-0002", StringComparison.Ordinal));
            reply.Reset();
        });
        using var client = server.Client(FakeCluster.Quick with { Attempts = 1 });

        var names = new List<string>();
        await Assert.ThrowsAsync<HomelabException>(() => client.NamesAsync(names, CancellationToken.None));
        Assert.True(names.Count is 0 or 2, "a reset may overtake what was sent before it");
    }

    [Fact]
    public async Task An_expired_token_goes_on_with_the_fresh_one()
    {
        await using var server = new FakeApiServer((request, reply) => request.Query("continue") switch
        {
            "t1" => reply.FailAsync(410, "Expired", "The provided continue parameter is too old", fresh: "t1-fresh"),
            "t1-fresh" => reply.SendAsync(ListPages.Page("t1")),
            var token => reply.SendAsync(ListPages.Page(token)),
        });
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 9), await client.NamesAsync());
    }

    [Fact]
    public async Task A_token_that_expires_while_its_page_is_taken_up_neither_doubles_nor_loses()
    {
        // The page breaks after two of its items; then the snapshot has expired, and an object in front of them is gone.
        var old = ListPages.Page("t1");
        var asked = 0;
        await using var server = new FakeApiServer((request, reply) => request.Query("continue") switch
        {
            "t1" when Interlocked.Increment(ref asked) == 1 => reply.CutAsync(old, old.IndexOf("pod-0005", StringComparison.Ordinal)),
            "t1" => reply.FailAsync(410, "Expired", "too old", fresh: "t1-fresh"),
            "t1-fresh" => reply.SendAsync(FakeCluster.List(FakeCluster.Items(4, 2), "t2")),
            var token => reply.SendAsync(ListPages.Page(token)),
        });
        using var client = server.Client();

        Assert.Equal(FakeCluster.Names(0, 9), await client.NamesAsync());
    }

    [Fact]
    public async Task An_expired_token_without_a_fresh_one_is_told()
    {
        await using var server = new FakeApiServer((request, reply) => request.Query("continue") is null
            ? reply.SendAsync(ListPages.Page(null))
            : reply.FailAsync(410, "Expired", "too old"));
        using var client = server.Client();

        Assert.Equal("ResourceExpired", (await client.FailureAsync()).Id);
    }

    [Fact]
    public async Task A_body_that_falls_silent_is_an_interruption()
    {
        var body = FakeCluster.List(FakeCluster.Items(0, 3));
        var attempts = 0;
        await using var server = new FakeApiServer(async (_, reply) =>
        {
            if (Interlocked.Increment(ref attempts) > 1)
            {
                await reply.SendAsync(body);
                return;
            }

            await reply.CutAsync(body, body.Length / 2);
            await reply.StallAsync();
        });
        using var client = server.Client(responseTimeout: TimeSpan.FromMilliseconds(500));

        Assert.Equal(FakeCluster.Names(0, 3), await client.NamesAsync());
        Assert.Equal(2, attempts);
    }

    [Fact]
    public void The_wait_grows_with_jitter_and_has_an_end()
    {
        var policy = new RetryPolicy();
        for (var attempt = 1; attempt < 12; attempt++)
        {
            var expected = Math.Min(0.2 * Math.Pow(2, attempt - 1), 30);
            Assert.InRange(policy.Delay(attempt, null).TotalSeconds, expected * 0.74, expected * 1.26);
        }

        Assert.Equal(TimeSpan.FromSeconds(7), policy.Delay(1, TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(30), policy.Delay(1, TimeSpan.FromHours(1)));
    }
}
