using HomelabOps.Core.Applications;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>The applications of an operation as the cluster has them.</summary>
internal static class OperationApps
{
    /// <summary>Reads one.</summary>
    /// <exception cref="HomelabException">RolloutGone.</exception>
    public static async Task<HomelabApp> ReadAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var reference = context.Reference(app);
        await foreach (var item in AppReader.ReadAsync(context.Options.Client, new AppQuery { References = [reference], Config = context.Options.Config, Repository = context.Options.Repository.Folder }, cancellationToken))
        {
            if (item.Value is { } found)
            {
                return found;
            }
        }

        throw Errors.RolloutGone(reference);
    }

    /// <summary>Takes what stopping or starting an application gives, to its end.</summary>
    /// <returns>The application as it is then.</returns>
    /// <exception cref="HomelabException">What failed.</exception>
    public static async Task<HomelabApp> DrainAsync(IAsyncEnumerable<Streamed<HomelabApp>> stream, HomelabApp before)
    {
        await foreach (var item in stream)
        {
            if (item.Notice is FailureNotice failure)
            {
                throw failure.Error;
            }

            before = item.Value ?? before;
        }

        return before;
    }

    /// <summary>Does something with each application at the same time, and gives the first failure when all have ended.</summary>
    public static async Task<IReadOnlyList<T>> EachAsync<T>(OperationContext context, Func<OperationApp, Task<T>> act)
    {
        var running = context.Record.Apps.ConvertAll(app => act(app));
        await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await Task.WhenAll(running);
    }
}
