using System.Diagnostics;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

/// <summary>Ctrl+C and Select-Object -First: the reader returns at once and the server sees the connections end.</summary>
public sealed class CancellationTests
{
    public enum Phase
    {
        BeforeTheAnswer,
        InTheHead,
        InAnItem,
        BetweenPages,
        InARetryDelay,
    }

    [Theory]
    [InlineData(Phase.BeforeTheAnswer)]
    [InlineData(Phase.InTheHead)]
    [InlineData(Phase.InAnItem)]
    [InlineData(Phase.BetweenPages)]
    [InlineData(Phase.InARetryDelay)]
    public async Task A_list_is_cancelled_in_every_phase(Phase phase)
    {
        var body = ListPages.Page(null);
        var stalled = new TaskCompletionSource();
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            switch (phase)
            {
                case Phase.BeforeTheAnswer:
                    break;
                case Phase.InTheHead:
                    await reply.CutAsync(body, 20);
                    break;
                case Phase.InAnItem:
                    await reply.CutAsync(body, body.Length - 20);
                    break;
                case Phase.BetweenPages when request.Query("continue") is null:
                    await reply.SendAsync(body);
                    return;
                case Phase.InARetryDelay:
                    await reply.FailAsync(503, "ServiceUnavailable", "not now", headers: "Retry-After: 25");
                    stalled.TrySetResult();
                    return;
                default:
                    break;
            }

            stalled.TrySetResult();
            await reply.StallAsync();
        });
        using var client = server.Client();
        using var cancel = new CancellationTokenSource();
        var reading = client.NamesAsync([], cancel.Token);
        await stalled.Task.Soon();
        await Task.Delay(100);

        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
        if (phase != Phase.InARetryDelay)
        {
            await server.Requests[^1].ClosedByClient.Soon();
        }
    }

    [Fact]
    public async Task Whoever_stops_after_the_first_item_ends_all_connections_that_of_the_next_page_included()
    {
        var body = ListPages.Page(null);
        await using var server = new FakeApiServer(async (request, reply) =>
        {
            // Both pages hang in the middle, after something has arrived.
            await reply.CutAsync(request.Query("continue") is null ? body : ListPages.Page("t1"), body.Length - 60);
            await reply.StallAsync();
        });
        using var client = server.Client();

        var clock = Stopwatch.StartNew();
        await foreach (var pod in client.Pods())
        {
            await server.RequestAsync(request => request.Query("continue") == "t1");
            clock.Restart();
            break;
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
        Assert.Equal(2, server.Requests.Count);
        await Task.WhenAll(server.Requests.Select(request => request.ClosedByClient)).Soon();
    }

    [Fact]
    public async Task A_disposed_client_ends_what_is_open()
    {
        await using var server = new FakeApiServer((_, reply) => reply.StallAsync());
        var client = server.Client();
        var reading = client.NamesAsync([], CancellationToken.None);
        var request = await server.RequestAsync(_ => true);

        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.Soon());
        await request.ClosedByClient.Soon();
    }
}
