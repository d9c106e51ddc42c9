using System.Management.Automation;
using HomelabOps.Core;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets;

/// <summary>
/// Base of all cmdlets: cancellation, streaming and the mapping of errors. Services run where they like; everything that
/// is written is written here, by the pipeline's own thread.
/// </summary>
public abstract class HomelabCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl+C and when the pipeline is torn down.</summary>
    private protected CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(Begin);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(End);

    /// <inheritdoc/>
    // Cancelling runs whatever is registered, so it must not be done on the thread that asks the pipeline to stop.
    protected sealed override void StopProcessing()
    {
        try
        {
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline ended by itself in this moment.
        }
    }

    private protected virtual void Begin()
    {
    }

    private protected virtual void Process()
    {
    }

    private protected virtual void End()
    {
    }

    /// <summary>
    /// Writes the records of a stream as they come. When the pipeline wants no more (Select-Object -First), WriteObject
    /// throws; then, as on Ctrl+C, the stream's requests are cancelled on the way out.
    /// </summary>
    private protected void Drain<T>(Func<CancellationToken, IAsyncEnumerable<Streamed<T>>> open, Action<T>? write = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var stream = open(stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool>? waiting = null;
        try
        {
            while (true)
            {
                waiting = stream.MoveNextAsync().AsTask();
                waiting.Wait(stop.Token);
                if (!waiting.Result)
                {
                    return;
                }

                Write(stream.Current, write);
            }
        }
        catch (AggregateException error) when (error.InnerException is { } inner && !(inner is OperationCanceledException && Stop.IsCancellationRequested))
        {
            throw Errors.Unexpected(inner);
        }
        finally
        {
            stop.Cancel();
            Release(stream, waiting);
        }
    }

    /// <summary>Waits for one result of a service.</summary>
    private protected T Await<T>(Func<CancellationToken, Task<T>> start)
    {
        var work = start(Stop);
        try
        {
            work.Wait(Stop);
            return work.Result;
        }
        catch (AggregateException error) when (error.InnerException is { } inner && !(inner is OperationCanceledException && Stop.IsCancellationRequested))
        {
            throw Errors.Unexpected(inner);
        }
    }

    private protected void WriteFailure(HomelabException error) => WriteError(Errors.Record(error));

    private void Write<T>(Streamed<T> item, Action<T>? write)
    {
        switch (item.Notice)
        {
            case null when write is not null:
                write(item.Value!);
                break;
            case null:
                WriteObject(item.Value);
                break;
            case WarningNotice warning:
                WriteWarning(warning.Text);
                break;
            case FailureNotice failure:
                WriteFailure(failure.Error);
                break;
            case VerboseNotice verbose:
                WriteVerbose(verbose.Text);
                break;
            default:
                throw new InvalidOperationException($"No rendering for {item.Notice.GetType().Name}.");
        }
    }

    // A stream must not be disposed of while it moves, and Ctrl+C must not wait for one that is slow to notice.
    private static void Release<T>(IAsyncEnumerator<T> stream, Task<bool>? waiting)
    {
        if (waiting is { IsCompleted: false })
        {
            _ = waiting.ContinueWith(
                async done =>
                {
                    _ = done.Exception;
                    await stream.DisposeAsync();
                },
                TaskScheduler.Default);
            return;
        }

        var disposal = stream.DisposeAsync();
        if (!disposal.IsCompleted)
        {
            _ = disposal.AsTask().ContinueWith(done => _ = done.Exception, TaskScheduler.Default);
        }
    }

    // What the engine throws to steer a pipeline (stopped, break, -ErrorAction Stop) is not ours to catch. Some of these
    // types are internal, hence the namespace.
    private static bool IsOfTheEngine(Exception error) =>
        error is RuntimeException || error.GetType().Namespace?.StartsWith("System.Management.Automation", StringComparison.Ordinal) == true;

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (HomelabException error) when (error.Terminates)
        {
            ThrowTerminatingError(Errors.Record(error));
        }
        catch (HomelabException error)
        {
            WriteFailure(error);
        }
        catch (Exception error) when (error is OperationCanceledException or AggregateException && Stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (!IsOfTheEngine(error))
        {
            WriteFailure(Errors.Unexpected(error is AggregateException { InnerException: { } inner } ? inner : error));
        }
    }
}
