namespace HomelabOps.Cmdlets;

/// <summary>Waits for services on the pipeline's own thread, which is the only one that may write.</summary>
internal static class PipelineThread
{
    /// <summary>
    /// Pulls a stream, item by item. When whoever pulls wants no more, or <paramref name="stop"/> is cancelled, the
    /// stream's requests are cancelled on the way out.
    /// </summary>
    public static IEnumerable<T> Pull<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var stream = open(ending.Token).GetAsyncEnumerator(ending.Token);
        Task<bool>? waiting = null;
        try
        {
            while (Wait(waiting = stream.MoveNextAsync().AsTask(), stop))
            {
                yield return stream.Current;
            }
        }
        finally
        {
            ending.Cancel();
            _ = ReleaseAsync(stream, waiting);
        }
    }

    /// <summary>Waits for one result. What a service did not foresee becomes an error of ours.</summary>
    public static T Wait<T>(Task<T> work, CancellationToken stop)
    {
        try
        {
            work.Wait(stop);
            return work.Result;
        }
        catch (AggregateException error) when (error.InnerException is { } inner && !(inner is OperationCanceledException && stop.IsCancellationRequested))
        {
            throw Errors.Unexpected(inner);
        }
    }

    // A stream must not be disposed of while it moves, and Ctrl+C must not wait for one that is slow to notice. The command
    // is over by then, so what goes wrong here has no one to tell; it must not turn up as an unobserved exception either.
    private static async Task ReleaseAsync<T>(IAsyncEnumerator<T> stream, Task<bool>? moving)
    {
        if (moving is not null)
        {
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await DisposeAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task DisposeAsync() => await stream.DisposeAsync();
    }
}
