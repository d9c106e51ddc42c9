using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Watching;

/// <summary>Watches whose place is lost or whose server fails.</summary>
public sealed class WatchRecoveryTests
{
    private static readonly string Before = FakeCluster.List([FakeCluster.Item("a", "3"), FakeCluster.Item("b", "4"), FakeCluster.Item("c", "5")]);
    private static readonly string After = FakeCluster.List([FakeCluster.Item("a", "3"), FakeCluster.Item("c", "60"), FakeCluster.Item("d", "61")], version: "90");

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_place_that_is_gone_is_listed_again_and_only_the_difference_is_given(bool asEvent, bool listStumbles)
    {
        var lists = 0;
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                var number = Interlocked.Increment(ref lists);
                await (listStumbles && number is > 1 and < 14 ? reply.FailAsync(503, "ServiceUnavailable", "starting") : reply.SendAsync(number == 1 ? Before : After));
                return;
            }

            if (request.Query("resourceVersion") != "10")
            {
                await reply.BeginAsync();
                await reply.ChunkAsync(WatchPlay.Event("MODIFIED", "d", "91"));
                await reply.StallAsync();
            }
            else if (asEvent)
            {
                await reply.BeginAsync();
                await reply.ChunkAsync(WatchPlay.Error(410));
                await reply.EndAsync();
            }
            else
            {
                await reply.FailAsync(410, "Expired", "too old resource version");
            }
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Added b 4", "Added c 5", "Synchronized", "Modified c 60", "Added d 61", "Deleted b 4", "Modified d 91");
        Assert.Equal("90", server.Requests[^1].Query("resourceVersion"));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("reset")]
    [InlineData("end")]
    [InlineData("error event")]
    [InlineData("gone event")]
    [InlineData("gone status")]
    [InlineData("garbage")]
    public async Task A_watch_that_fails_again_and_again_is_tried_again_with_growing_waits(string failure)
    {
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(Before);
                return;
            }

            switch (failure)
            {
                case "status":
                    await reply.FailAsync(500, "InternalError", "scripted");
                    break;
                case "gone status":
                    await reply.FailAsync(410, "Expired", "scripted");
                    break;
                case "reset":
                    reply.Reset();
                    break;
                default:
                    await reply.BeginAsync();
                    await reply.ChunkAsync(failure switch
                    {
                        "error event" => WatchPlay.Error(500),
                        "gone event" => WatchPlay.Error(410),
                        "garbage" => "<html>\n",
                        _ => "\n",
                    });
                    await reply.EndAsync();
                    break;
            }
        });
        await using var play = new WatchPlay(server.Client(new RetryPolicy { Attempts = 2, FirstDelay = TimeSpan.FromMilliseconds(100) }));
        await play.ExpectAsync("Added a 3", "Added b 4", "Added c 5", "Synchronized");
        await Task.Delay(1500);

        // 100 ms, 200, 400, 800: not even with two requests a try are there more.
        Assert.False(play.Running.IsCompleted);
        Assert.InRange(server.Requests.Count(request => request.IsWatch), 2, 14);
        play.ExpectNothing();
        await play.StopAsync();
    }

    [Fact]
    public async Task A_watch_that_fails_at_its_opening_goes_on_when_the_server_is_back()
    {
        var attempts = 0;
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(Before);
            }
            else if (Interlocked.Increment(ref attempts) < 14)
            {
                await reply.FailAsync(500, "InternalError", "scripted");
            }
            else
            {
                await reply.BeginAsync();
                await reply.ChunkAsync(WatchPlay.Event("DELETED", "a", "12"));
                await reply.StallAsync();
            }
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Added b 4", "Added c 5", "Synchronized", "Deleted a 12");
        Assert.All(server.Requests.Where(request => request.IsWatch), request => Assert.Equal("10", request.Query("resourceVersion")));
    }

    [Theory]
    [InlineData(401, "AuthenticationFailed")]
    [InlineData(403, "AccessDenied")]
    [InlineData(404, "ResourceTypeNotServed")]
    public async Task What_waiting_does_not_mend_ends_the_watch(int status, string id)
    {
        await using var server = new FakeApiServer((request, reply) => request.IsWatch ? reply.FailAsync(status, "Scripted", "no") : reply.SendAsync(Before));
        await using var play = new WatchPlay(server.Client());

        var error = await Assert.ThrowsAsync<HomelabException>(() => play.Running.Soon());
        Assert.Equal(id, error.Id);
        Assert.Contains(status == 403 ? "watch pods in the namespace 'media'" : "fake", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":7}}""")]
    [InlineData("""{"type":"ERROR","object":7}""")]
    public async Task An_event_that_cannot_be_read_is_an_invalid_answer(string line)
    {
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(Before);
                return;
            }

            await reply.BeginAsync();
            await reply.ChunkAsync(line + "\n");
            await reply.StallAsync();
        });
        await using var play = new WatchPlay(server.Client());

        Assert.Equal("ResponseInvalid", (await Assert.ThrowsAsync<HomelabException>(() => play.Running.Soon())).Id);
    }

    [Fact]
    public async Task Objects_that_changed_while_a_broken_list_of_custom_resources_was_taken_up_are_not_missed()
    {
        // The first attempt shows a at 3 and breaks; the second shows a newer state, in which a has changed and b is gone.
        var first = FakeCluster.CustomList([FakeCluster.Item("a", "3"), FakeCluster.Item("b", "4"), FakeCluster.Item("c", "5")]);
        var lists = 0;
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (request.IsWatch)
            {
                await reply.BeginAsync();
                await reply.StallAsync();
            }
            else if (Interlocked.Increment(ref lists) == 1)
            {
                await reply.CutAsync(first, first.IndexOf("\"name\":\"c\"", StringComparison.Ordinal));
            }
            else
            {
                await reply.SendAsync(FakeCluster.CustomList([FakeCluster.Item("a", "30"), FakeCluster.Item("c", "5")], version: "40"));
            }
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Added b 4", "Added c 5", "Synchronized", "Modified a 30", "Deleted b 4");
        Assert.Equal("40", (await server.RequestAsync(request => request.IsWatch)).Query("resourceVersion"));
    }
}
