using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>
/// A container's log as far as it has been written, read in portions. While a portion is read it holds one of a few
/// slots; between portions nothing is open, so that any number of containers can be merged by time over few connections.
/// </summary>
internal sealed class LogSource(ClusterClient client, LogTarget target, LogQuery query, SemaphoreSlim slots, int portion) : ILogSource
{
    private readonly Queue<LogEntry> _lines = new();
    private bool _ended;
    private bool _opened;
    private int _failures;

    public LogTarget Target => target;

    /// <summary>Where following goes on.</summary>
    public LogPosition Position { get; } = new();

    /// <summary>What to tell the user about the log; null for nothing.</summary>
    public Notice? Notice { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<LogEntry?> PeekAsync(CancellationToken cancellationToken)
    {
        while (_lines.Count == 0 && !_ended)
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                await FillAsync(cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }

        return _lines.TryPeek(out var line) ? line : null;
    }

    /// <inheritdoc/>
    public LogEntry Take() => _lines.Dequeue();

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            var url = target.Url(query, Position, _opened, follow: false);
            var (body, reason) = await client.OpenLogAsync(url, target.Namespace, target.Pod, follow: false, cancellationToken);
            _opened = true;
            if (body is null)
            {
                _ended = true;
                Notice = Position.IsKnown ? null : new WarningNotice(Errors.Text(query.Previous ? "LogNoPrevious" : "LogContainerWaiting", target.PodName, target.Container, reason));
                return;
            }

            await using (body)
            {
                _ended = await ReadAsync(body, cancellationToken);
            }

            _failures = 0;
        }
        catch (HomelabException error) when (error.Kind is not ErrorKind.AuthenticationError and not ErrorKind.SecurityError)
        {
            Fail(error.Kind == ErrorKind.PermissionDenied ? error : Errors.LogUnavailable(target.Cluster, target.PodName, target.Container, target.Node, error.Message));
        }
        catch (Exception error) when (RetryPolicy.ShouldRetry(error) && !cancellationToken.IsCancellationRequested)
        {
            if (++_failures >= client.Retry.Attempts)
            {
                Fail(Errors.LogUnavailable(target.Cluster, target.PodName, target.Container, target.Node, error.Message));
                return;
            }

            // Taken up after the last line that arrived.
            await Task.Delay(client.Retry.Delay(_failures, null), cancellationToken);
        }
    }

    // True when the log has ended, false when the portion is full.
    private async Task<bool> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var resumption = Position.Resume();
        var size = 0;
        await foreach (var line in LogLines.ReadAsync(body, cancellationToken))
        {
            if (line.IsLogGone)
            {
                Notice ??= new WarningNotice(Errors.Text("LogGone", target.PodName, target.Container, line.Text));
                continue;
            }

            if (!resumption.IsNew(line))
            {
                continue;
            }

            _lines.Enqueue(line);
            Position.Advance(line);
            size += line.Text.Length;

            // Only after a line with a time is there a place to go on from, and one with another time than its neighbours
            // saves passing over them again.
            if (size > portion && line.Time is not null)
            {
                return false;
            }
        }

        return true;
    }

    private void Fail(HomelabException error)
    {
        _ended = true;
        Notice = new FailureNotice(error);
    }
}
