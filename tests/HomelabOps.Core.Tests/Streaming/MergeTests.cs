using System.Runtime.CompilerServices;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Streaming;

public sealed class MergeTests
{
    [Fact]
    public async Task Each_stream_keeps_its_order_and_nothing_is_lost()
    {
        var streams = Enumerable.Range(0, 8).Select(stream => Numbers(stream * 1000, 700)).ToArray();
        var items = await ToListAsync(Merge.All(streams, default)).Soon();

        Assert.Equal(8 * 700, items.Count);
        Assert.All(items.GroupBy(item => item / 1000), stream => Assert.Equal(Enumerable.Range(stream.Key * 1000, 700), stream));
    }

    [Fact]
    public async Task No_streams_give_nothing() => Assert.Empty(await ToListAsync(Merge.All<int>([], default)).Soon());

    [Fact]
    public async Task All_streams_are_read_at_the_same_time()
    {
        var both = new Barrier(2);
        async IAsyncEnumerable<int> Meet()
        {
            await Task.Run(() => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60))));
            yield return 1;
        }

        Assert.Equal([1, 1], await ToListAsync(Merge.All([Meet(), Meet()], default)).Soon());
        both.Dispose();
    }

    [Fact]
    public async Task A_failure_is_thrown_after_what_came_before_and_ends_the_others()
    {
        var ended = new TaskCompletionSource();
        async IAsyncEnumerable<int> Fail()
        {
            await Task.Yield();
            yield return 1;
            throw new InvalidOperationException("the cause");
        }

        var items = new List<int>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ToListAsync(Merge.All([Endless(ended), Fail()], default), items).Soon());
        Assert.Equal("the cause", error.Message);
        Assert.Equal([1], items);
        await ended.Task.Soon();
    }

    [Fact]
    public async Task The_first_failure_is_the_one_that_is_told()
    {
        async IAsyncEnumerable<int> FailLater([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException cancelled)
            {
                throw new InvalidOperationException("a consequence", cancelled);
            }

            yield break;
        }

        async IAsyncEnumerable<int> Fail()
        {
            await Task.Yield();
            throw new InvalidOperationException("the cause");
#pragma warning disable CS0162 // A method without yield would be no iterator.
            yield break;
#pragma warning restore CS0162
        }

        Assert.Equal("the cause", (await Assert.ThrowsAsync<InvalidOperationException>(() => ToListAsync(Merge.All([FailLater(), Fail()], default)).Soon())).Message);
    }

    [Fact]
    public async Task A_slow_consumer_slows_the_readers()
    {
        var produced = 0;
        async IAsyncEnumerable<int> Count()
        {
            for (var number = 0; number < 100_000; number++)
            {
                produced = number;
                yield return number;
                await Task.CompletedTask;
            }
        }

        await foreach (var item in Merge.All([Count()], default))
        {
            await Task.Delay(300);
            Assert.InRange(produced, item, item + 300);
            break;
        }
    }

    [Fact]
    public async Task Whoever_stops_reading_ends_the_streams()
    {
        var ended = new TaskCompletionSource();
        await foreach (var item in Merge.All([Endless(ended), Numbers(1, 5)], default))
        {
            break;
        }

        Assert.True(ended.Task.IsCompleted, "the streams end before the reader goes on");
    }

    [Fact]
    public async Task Cancellation_ends_the_reader_and_the_streams()
    {
        var ended = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var reading = ToListAsync(Merge.All([Endless(ended)], cancel.Token));
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        await ended.Task.Soon();
    }

    private static async IAsyncEnumerable<int> Numbers(int from, int count)
    {
        for (var number = from; number < from + count; number++)
        {
            if (number % 50 == 0)
            {
                await Task.Yield();
            }

            yield return number;
        }
    }

    private static async IAsyncEnumerable<int> Endless(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield return 0;
        }
        finally
        {
            ended.SetResult();
        }
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items, List<T>? list = null)
    {
        list ??= [];
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
