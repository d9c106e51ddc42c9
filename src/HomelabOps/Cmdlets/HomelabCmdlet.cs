using System.Management.Automation;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets;

/// <summary>
/// Base of all cmdlets: cancellation, streaming and the mapping of errors. Services run where they like; everything that
/// is written is written here, by the pipeline's own thread.
/// </summary>
public abstract partial class HomelabCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _isAsked;

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
    protected sealed override void ProcessRecord()
    {
        _isAsked = true;
        Guard(Process);
    }

    /// <inheritdoc/>
    // The engine asks once where there is no pipe, and never where nothing came by it. Nothing by pipe means nothing, and not everything.
    protected sealed override void EndProcessing()
    {
        if (_isAsked)
        {
            Guard(End);
        }
    }

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

    private protected virtual void Begin() { }

    private protected virtual void Process() { }

    private protected virtual void End() { }

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is OperationCanceledException or AggregateException && Stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (!Errors.IsOfTheEngine(error))
        {
            var failure = Errors.Unexpected(error is AggregateException { InnerException: { } inner } ? inner : error);
            if (failure.Terminates)
            {
                ThrowTerminatingError(Errors.Record(failure));
            }

            WriteFailure(failure);
        }
    }
}
