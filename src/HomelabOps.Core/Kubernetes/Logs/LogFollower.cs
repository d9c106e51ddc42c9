using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>
/// Follows logs: first what has been written, merged by time, then each container from its last line on, as lines come.
/// A watch brings new pods and restarts. Every followed container keeps a request open, as there is no other way.
/// </summary>
internal sealed class LogFollower(ClusterClient client, LogQuery query)
{
    // A pod that a controller deleted is often replaced a moment later.
    private static readonly TimeSpan WaitForReplacement = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Streamed<HomelabLogLine>> _lines = Channel.CreateBounded<Streamed<HomelabLogLine>>(256);
    private readonly Dictionary<string, FollowedPod> _pods = new(StringComparer.Ordinal);
    private readonly LogSelection _selection = new(client, query);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<Streamed<HomelabLogLine>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = Task.Run(() => WorkAsync(stop.Token), CancellationToken.None);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var pod in _pods.Values)
            {
                await Task.WhenAll(pod.Followers.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pod.Dispose();
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var changes = client.WatchAsync(ResourceType.Pod, query.Objects.ToListQuery(), WireContext.Default.PodWire, watching.Token).GetAsyncEnumerator(watching.Token);
            while (await changes.MoveNextAsync() && changes.Current.Kind != WatchEventKind.Synchronized)
            {
                await NoteAsync(changes.Current, cancellationToken);
            }

            await HistoryAsync(cancellationToken);
            await WatchAsync(changes, watching, cancellationToken);
            _lines.Writer.TryComplete();
        }
        catch (Exception error)
        {
            // The reader throws it.
            _lines.Writer.TryComplete(error);
        }
    }

    private async Task HistoryAsync(CancellationToken cancellationToken)
    {
        var targets = new List<(FollowedPod Pod, LogTarget Target)>();
        foreach (var pod in _pods.Values)
        {
            var (found, notices) = LogContainers.Choose(pod.Latest, client.Name, query);
            targets.AddRange(found.Select(target => (pod, target)));
            foreach (var notice in notices)
            {
                await _lines.Writer.WriteAsync(notice, cancellationToken);
            }
        }

        foreach (var error in await _selection.MissingAsync(cancellationToken))
        {
            await _lines.Writer.WriteAsync(new FailureNotice(error), cancellationToken);
        }

        // Without history the logs are followed from now on, which is what the server itself can do best.
        var sources = query.Tail == 0 ? null : LogReader.Sources(client, query, [.. targets.Select(target => target.Target)]);
        if (sources is not null)
        {
            await foreach (var line in LogReader.HistoryAsync(sources, cancellationToken))
            {
                await _lines.Writer.WriteAsync(line, cancellationToken);
            }
        }

        for (var index = 0; index < targets.Count; index++)
        {
            var (pod, target) = targets[index];
            var refused = sources?[index].Notice is FailureNotice { Error.Kind: ErrorKind.PermissionDenied };
            pod.Followers[target.Container] = refused
                ? Task.CompletedTask
                : new ContainerFollower(this, pod, target, sources?[index].Position ?? new(), query).RunAsync(reopened: sources is not null);
        }
    }

    private async Task WatchAsync(IAsyncEnumerator<WatchEvent<PodWire>> changes, CancellationTokenSource watching, CancellationToken cancellationToken)
    {
        // New pods and containers are read from their beginning: all of it is news.
        var fromStart = query with { Tail = null, Since = null };
        var next = changes.MoveNextAsync().AsTask();
        var overSince = (long?)null;
        try
        {
            while (true)
            {
                await Task.WhenAny(next, Task.Delay(Look, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (next.IsCompleted)
                {
                    await next;
                    if (await NoteAsync(changes.Current, cancellationToken) is { IsOver: false } pod)
                    {
                        foreach (var target in LogContainers.Choose(pod.Latest, client.Name, query).Targets.Where(target => !pod.Followers.ContainsKey(target.Container)))
                        {
                            pod.Followers[target.Container] = new ContainerFollower(this, pod, target, new(), fromStart).RunAsync(reopened: true);
                        }
                    }

                    next = changes.MoveNextAsync().AsTask();
                }

                if (!_pods.Values.All(pod => pod.IsRead))
                {
                    overSince = null;
                    continue;
                }

                overSince ??= Environment.TickCount64;
                if (!_pods.Values.Any(pod => pod.MayBeReplaced) || Environment.TickCount64 - overSince > WaitForReplacement.TotalMilliseconds)
                {
                    return;
                }
            }
        }
        finally
        {
            // A watch must not be disposed of while it waits.
            await watching.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<FollowedPod?> NoteAsync(WatchEvent<PodWire> change, CancellationToken cancellationToken)
    {
        if (change.Object is not { } pod || !await _selection.AcceptsAsync(pod, cancellationToken))
        {
            return null;
        }

        // Pods of a StatefulSet come back with the same name, so the uid says which one it is.
        var key = pod.Metadata.Uid ?? pod.Metadata.Name;
        var deleted = change.Kind == WatchEventKind.Deleted;
        if (!_pods.TryGetValue(key, out var known))
        {
            if (deleted)
            {
                return null;
            }

            _pods[key] = known = new FollowedPod(pod, cancellationToken);
            return known;
        }

        known.Update(pod, deleted);
        return known;
    }

    private async Task RefuseAsync(HomelabException error, string @namespace, CancellationToken cancellationToken)
    {
        lock (_refused)
        {
            if (error.Kind == ErrorKind.PermissionDenied && !_refused.Add(@namespace))
            {
                return;
            }
        }

        await _lines.Writer.WriteAsync(new FailureNotice(error), cancellationToken);
    }

    /// <summary>Follows one container through broken connections and restarts until its pod is over.</summary>
    private sealed class ContainerFollower(LogFollower owner, FollowedPod pod, LogTarget target, LogPosition position, LogQuery query)
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

        private int Restarts => LogContainers.Status(pod.Latest, target.Container)?.RestartCount ?? 0;

        private bool IsRunning => LogContainers.Status(pod.Latest, target.Container)?.State?.Running is not null;

        // An init container that has done its work is not started again.
        private bool IsDone => pod.Latest.Status?.InitContainerStatuses?.Find(status => status.Name == target.Container)?.State?.Terminated is { ExitCode: 0 };

        public async Task RunAsync(bool reopened)
        {
            var restarts = Restarts;
            var idle = 0;
            var told = false;
            while (true)
            {
                var changed = pod.Changed;
                var over = pod.IsOver || IsDone;
                var lines = 0;
                try
                {
                    if (position.IsKnown && Restarts > restarts)
                    {
                        // The connection may have been lost before the last words of the run before.
                        lines += await ReadAsync(query with { Previous = true }, reopened, follow: false);
                    }

                    restarts = Restarts;
                    lines += await ReadAsync(query, reopened, follow: true);
                    (reopened, told) = (true, false);
                }
                catch (HomelabException error) when (error.Kind is ErrorKind.PermissionDenied or ErrorKind.AuthenticationError or ErrorKind.SecurityError)
                {
                    await owner.RefuseAsync(error, target.Namespace, pod.Gone);
                    return;
                }
                catch (Exception error) when (error is HomelabException or IOException or HttpRequestException && !pod.Gone.IsCancellationRequested)
                {
                    if (!told)
                    {
                        told = true;
                        await owner._lines.Writer.WriteAsync(new VerboseNotice(Errors.Text("LogReconnecting", target.PodName, target.Container, error.Message)), pod.Gone);
                    }

                    // A pod that is over is asked once; whoever follows a living one waits for the connection to come back.
                    over = over && pod.IsOver;
                }

                if (over)
                {
                    return;
                }

                // The end of the log is often seen before the restart is: asked again soon while the container is said to
                // run, else when something changes.
                idle = lines > 0 ? 0 : idle + 1;
                var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 125 * Math.Pow(2, Math.Min(idle, 5))));
                await Task.WhenAny(changed, Task.Delay(IsRunning || told ? pause : LongestWait, pod.Gone));
                pod.Gone.ThrowIfCancellationRequested();
            }
        }

        private async Task<int> ReadAsync(LogQuery which, bool reopened, bool follow)
        {
            var lines = 0;
            var url = target.Url(which, position, reopened, follow);
            var (body, _) = await owner.OpenAsync(url, target, follow, pod.Gone);
            if (body is null)
            {
                return 0;
            }

            await using (body)
            {
                var resumption = position.Resume();
                await foreach (var line in LogLines.ReadAsync(body, pod.Gone))
                {
                    if (!line.IsLogGone && resumption.IsNew(line))
                    {
                        lines++;
                        await owner._lines.Writer.WriteAsync(target.Line(line), pod.Gone);

                        // After it was handed over: a line that was not is read again.
                        position.Advance(line);
                    }
                }
            }

            return lines;
        }
    }

    private Task<(Stream? Body, string Reason)> OpenAsync(string url, LogTarget target, bool follow, CancellationToken cancellationToken) =>
        client.OpenLogAsync(url, target.Namespace, target.Pod, follow, cancellationToken);
}
