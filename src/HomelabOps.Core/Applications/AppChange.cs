using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>What all changes of applications have in common: one is made, it is waited for, and the application is given as it is then.</summary>
internal static class AppChange
{
    /// <summary>Makes a change and waits for it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application as it is before.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="options">Whether and how long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting; what was changed stays changed.</param>
    public static async IAsyncEnumerable<Streamed<HomelabApp>> RunAsync(
        ClusterClient client,
        HomelabApp app,
        Func<Workload, Task> change,
        AppOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await change(await WorkloadReader.FindAsync(client, app.Reference, cancellationToken) ?? throw Errors.RolloutGone(app.Reference));
        HomelabException? failure = null;
        if (!options.NoWait && app.Kind != WorkloadTypes.CronJob)
        {
            var notices = Channel.CreateUnbounded<Notice>();
            var waiting = WaitAsync(client, app.Reference, options.Timeout, notices.Writer, cancellationToken);
            await foreach (var notice in notices.Reader.ReadAllAsync(cancellationToken))
            {
                yield return notice;
            }

            failure = await waiting;
        }

        var query = new AppQuery { References = [app.Reference], Config = options.Config, Repository = options.Repository };
        await foreach (var item in AppReader.ReadAsync(client, query, cancellationToken))
        {
            yield return item;
        }

        if (failure is not null)
        {
            yield return new FailureNotice(failure);
        }
    }

    private static async Task<HomelabException?> WaitAsync(ClusterClient client, ResourceReference app, TimeSpan timeout, ChannelWriter<Notice> notices, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var (activity, message) = (Errors.Text("RolloutWaiting", app), "");
        try
        {
            var workload = await WorkloadReader.FindAsync(client, app, limit.Token);
            var last = workload is null ? null : await RolloutWaiter.WaitAsync(client, workload, Tell, limit.Token);
            limit.Token.ThrowIfCancellationRequested();
            return last is null ? Errors.RolloutGone(app) : last.Trouble is { } trouble ? Errors.RolloutFailed(app, trouble.Reason, trouble.Message) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Errors.RolloutTimeout(app, timeout, message);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return error;
        }
        finally
        {
            notices.TryWrite(new ProgressNotice(activity, activity, IsDone: true));
            notices.Complete();
        }

        void Tell(RolloutStep step)
        {
            message = step.Trouble?.Message ?? step.State.Message;
            notices.TryWrite(new ProgressNotice(activity, message.Length > 0 ? Display.FirstLine(message) : activity, IsDone: false));
        }
    }
}
