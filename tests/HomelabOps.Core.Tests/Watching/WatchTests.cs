using System.Diagnostics;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Watching;

public sealed class WatchTests
{
    private static readonly string OneAtTen = FakeCluster.List([FakeCluster.Item("a", "3")]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_objects_come_first_then_synchronized_then_each_change(bool custom)
    {
        string[] items = [FakeCluster.Item("a", "3"), FakeCluster.Item("b", "4")];
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(custom ? FakeCluster.CustomList(items) : FakeCluster.List(items));
                return;
            }

            await reply.BeginAsync();
            await reply.ChunkAsync(WatchPlay.Event("ADDED", "c", "11") + WatchPlay.Event("MODIFIED", "a", "12") + "\n");
            await reply.ChunkAsync(WatchPlay.Event("DELETED", "b", "13"));
            await reply.StallAsync();
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Added b 4", "Synchronized", "Added c 11", "Modified a 12", "Deleted b 13");
        var watch = server.Requests.Single(request => request.IsWatch);
        Assert.Equal(("10", "true", "300"), (watch.Query("resourceVersion"), watch.Query("allowWatchBookmarks"), watch.Query("timeoutSeconds")));
        Assert.Equal("/api/v1/namespaces/media/pods", watch.Path);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_event_may_be_split_anywhere_and_be_larger_than_the_buffer()
    {
        var large = WatchPlay.Event("ADDED", "b", "11").Replace("\"status\":null", $"\"status\":{{\"message\":\"{new string('x', 100_000)}\"}}", StringComparison.Ordinal);
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(OneAtTen);
                return;
            }

            await reply.BeginAsync();
            foreach (var letter in WatchPlay.Event("MODIFIED", "a", "10"))
            {
                await reply.ChunkAsync(letter.ToString());
            }

            await reply.ChunkAsync(large[..70_000]);
            await reply.ChunkAsync(large[70_000..]);
            await reply.StallAsync();
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Synchronized", "Modified a 10", "Added b 11");
    }

    [Fact]
    public async Task A_watch_that_ends_is_resumed_after_its_last_event()
    {
        var next = Script("10", WatchPlay.Event("ADDED", "b", "11"), "11", WatchPlay.Event("DELETED", "a", "15"), "15", "");
        await using var server = new FakeApiServer(next);
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Synchronized", "Added b 11", "Deleted a 15");
        await server.RequestAsync(request => request.Query("resourceVersion") == "15");
    }

    [Fact]
    public async Task A_bookmark_moves_the_place_to_resume_and_is_no_change()
    {
        await using var server = new FakeApiServer(Script("10", WatchPlay.Bookmark("70"), "70", WatchPlay.Event("MODIFIED", "a", "71"), "71", ""));
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Synchronized", "Modified a 71");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_that_is_cut_within_a_line_is_resumed_before_that_line(bool reset)
    {
        var line = WatchPlay.Event("ADDED", "c", "12");
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(OneAtTen);
                return;
            }

            await reply.BeginAsync();
            if (request.Query("resourceVersion") == "10")
            {
                await reply.ChunkAsync(WatchPlay.Event("ADDED", "b", "11"));
                await reply.ChunkAsync(line[..30]);
                await Task.Delay(50);
                if (reset)
                {
                    reply.Reset();
                }

                return;
            }

            await reply.ChunkAsync(line);
            await reply.StallAsync();
        });
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Synchronized", "Added b 11", "Added c 12");
        Assert.Equal(["10", "11"], server.Requests.Where(request => request.IsWatch).Select(request => request.Query("resourceVersion")));
    }

    [Fact]
    public async Task Events_that_are_known_already_are_not_given_again()
    {
        await using var server = new FakeApiServer(Script("10", WatchPlay.Event("ADDED", "a", "3") + WatchPlay.Event("MODIFIED", "a", "11") + WatchPlay.Event("MODIFIED", "a", "11"), "11", WatchPlay.Event("DELETED", "a", "12"), "12", ""));
        await using var play = new WatchPlay(server.Client());

        await play.ExpectAsync("Added a 3", "Synchronized", "Modified a 11", "Deleted a 12");
    }

    [Fact]
    public async Task A_watch_is_cancelled_while_it_is_silent()
    {
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            await (request.IsWatch ? reply.BeginAsync() : reply.SendAsync(OneAtTen));
            await (request.IsWatch ? reply.StallAsync() : Task.CompletedTask);
        });
        await using var play = new WatchPlay(server.Client());
        await play.ExpectAsync("Added a 3", "Synchronized");
        var watch = await server.RequestAsync(request => request.IsWatch);

        var clock = Stopwatch.StartNew();
        await play.StopAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
        await watch.ClosedByClient.Soon();
    }

    [Fact]
    public async Task Whoever_stops_reading_ends_the_connection()
    {
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(OneAtTen);
                return;
            }

            await reply.BeginAsync();
            await reply.ChunkAsync(WatchPlay.Event("ADDED", "b", "11"));
            await reply.StallAsync();
        });
        using var client = server.Client();
        await foreach (var change in client.WatchAsync(ResourceType.Pod, new ListQuery(), WireContext.Default.PodWire, CancellationToken.None))
        {
            if (change.Object?.Metadata.Name == "b")
            {
                break;
            }
        }

        await server.Requests.Single(request => request.IsWatch).ClosedByClient.Soon();
    }

    [Fact]
    public async Task A_watch_whose_server_has_vanished_is_opened_again_when_it_should_have_ended()
    {
        var opened = 0;
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            if (!request.IsWatch)
            {
                await reply.SendAsync(OneAtTen);
                return;
            }

            await reply.BeginAsync();
            await reply.ChunkAsync(Interlocked.Increment(ref opened) == 1 ? WatchPlay.Bookmark("20") : WatchPlay.Event("MODIFIED", "a", "21"));
            await reply.StallAsync();
        });
        await using var play = new WatchPlay(new ClusterClient(FakeCluster.Endpoint(server.Address))
        {
            Retry = FakeCluster.Quick,
            WatchDuration = TimeSpan.Zero,
            ResponseTimeout = TimeSpan.FromSeconds(1),
        });

        await play.ExpectAsync("Added a 3", "Synchronized", "Modified a 21");
    }

    // Answers the watch from each version with the lines beside it and then ends it; the last one stays open.
    private static Func<FakeRequest, FakeReply, Task> Script(params string[] versionsAndLines) => async (request, reply) =>
    {
        if (!request.IsWatch)
        {
            await reply.SendAsync(OneAtTen);
            return;
        }

        var index = Array.IndexOf(versionsAndLines, request.Query("resourceVersion"));
        if (index < 0)
        {
            await reply.FailAsync(400, "BadRequest", $"not in the script: {request}");
            return;
        }

        await reply.BeginAsync();
        if (versionsAndLines[index + 1].Length > 0)
        {
            await reply.ChunkAsync(versionsAndLines[index + 1]);
        }

        await (index == versionsAndLines.Length - 2 ? reply.StallAsync() : reply.EndAsync());
    };
}
