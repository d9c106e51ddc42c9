using System.Threading.Channels;

namespace HomelabOps.Core.Streaming;

/// <summary>Reads several streams at the same time into one.</summary>
public static class Merge
{
    /// <summary>
    /// Gives the items of all streams as they come. Within one stream the order is kept. When one fails the others are
    /// cancelled and its exception is thrown; streams that should not stop the others give a <see cref="FailureNotice"/>.
    /// </summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="streams">The streams; each is started at once.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    public static async IAsyncEnumerable<T> All<T>(
        IReadOnlyCollection<IAsyncEnumerable<T>> streams,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(streams);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Bounded, so that a slow consumer slows the readers instead of filling the memory.
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(256) { SingleReader = true });
        var pumps = Task.WhenAll(streams.Select(stream => Pump(stream, channel.Writer, stop)).ToArray());
        _ = pumps.ContinueWith(
            done => channel.Writer.TryComplete(done.Exception?.InnerException),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>As <see cref="All{T}"/>, but a stream that fails ends with a <see cref="FailureNotice"/> and the others go on.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="streams">The streams; each is started at once.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    public static IAsyncEnumerable<Streamed<T>> Independent<T>(IEnumerable<IAsyncEnumerable<Streamed<T>>> streams, CancellationToken cancellationToken) =>
        All([.. streams.Select(stream => ReportFailure(stream, cancellationToken))], cancellationToken);

    private static async IAsyncEnumerable<Streamed<T>> ReportFailure<T>(
        IAsyncEnumerable<Streamed<T>> stream,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = stream.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            Notice? failure = null;
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (HomelabException error)
            {
                failure = new FailureNotice(error);
            }

            if (failure is not null)
            {
                yield return failure;
                yield break;
            }

            yield return items.Current;
        }
    }

    private static async Task Pump<T>(IAsyncEnumerable<T> stream, ChannelWriter<T> writer, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var item in stream.WithCancellation(stop.Token))
            {
                await writer.WriteAsync(item, stop.Token);
            }
        }
        catch (Exception error)
        {
            // The first failure is the one to report: what the others say after being cancelled comes too late.
            writer.TryComplete(error);
            await stop.CancelAsync();
        }
    }
}
