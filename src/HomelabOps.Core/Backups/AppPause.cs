using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Backups;

/// <summary>Stops an application, lets something be done with its data, and starts it again, whatever happens in between.</summary>
internal sealed class AppPause(ClusterClient client, HomelabApp app, AppOptions options, ChangeJournal journal, Action<string> tell)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Gives what is told meanwhile as it comes, and what came of the work when the application runs again.</summary>
    /// <param name="reason">Why it is stopped.</param>
    /// <param name="work">Is begun when the last pod has gone. Of an application that does not stop nothing is done.</param>
    /// <param name="cancellationToken">Ends the work; what was stopped is started, and not waited for.</param>
    public async IAsyncEnumerable<Streamed<T>> RunAsync<T>(string reason, Func<CancellationToken, IAsyncEnumerable<Streamed<T>>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (isToStart, isStopped, stopped) = (true, true, app);
        try
        {
            await foreach (var item in AppStopper.StopAsync(client, app, Suspensions.FromNow(reason, null), options, journal, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    isStopped &= notice is not FailureNotice;
                    yield return notice;
                }

                stopped = item.Value ?? stopped;
            }

            if (isStopped && await PodEnds.WaitAsync(client, stopped, options.Timeout, cancellationToken) is { } late)
            {
                isStopped = false;
                yield return new FailureNotice(late);
            }

            var (records, failure) = (new List<T>(), default(ExceptionDispatchInfo));
            await using var working = isStopped ? work(cancellationToken).GetAsyncEnumerator(cancellationToken) : null;
            while (working is not null)
            {
                // Whatever fails, the application is started before it is told.
                (var goesOn, failure) = await MoveAsync(working);
                if (!goesOn)
                {
                    break;
                }

                if (working.Current.Notice is { } notice)
                {
                    yield return notice;
                }
                else
                {
                    records.Add(working.Current.Value!);
                }
            }

            await foreach (var item in AppStopper.StartAsync(client, app, options, journal, cancellationToken))
            {
                isToStart = false;
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
            }

            isToStart = false;
            foreach (var record in records)
            {
                yield return record;
            }

            failure?.Throw();
        }
        finally
        {
            if (isToStart)
            {
                await Farewells.Add(StartAsync());
            }
        }
    }

    private static async Task<(bool GoesOn, ExceptionDispatchInfo? Failure)> MoveAsync<T>(IAsyncEnumerator<T> stream)
    {
        try
        {
            return (await stream.MoveNextAsync(), null);
        }
        catch (Exception error)
        {
            return (false, ExceptionDispatchInfo.Capture(error));
        }
    }

    // The command is being ended, so only the host is left to tell the user.
    private async Task StartAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            if (await WorkloadReader.FindAsync(client, app.Reference, limit.Token) is { } workload && AppStops.IsStopped(workload))
            {
                await foreach (var _ in AppStopper.StartAsync(client, app, options with { NoWait = true }, journal, limit.Token))
                {
                    // Nobody reads it.
                }

                tell(Errors.Text("AppStartedAgain", app));
            }
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            tell(Errors.Text("AppNotStartedAgain", app, error.Message));
        }
    }
}
