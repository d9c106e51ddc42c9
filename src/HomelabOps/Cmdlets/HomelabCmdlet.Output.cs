using HomelabOps.Core;
using HomelabOps.Core.Streaming;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets;

// What is written, and what is waited for.
public abstract partial class HomelabCmdlet
{
    /// <summary>
    /// Writes the records of a stream as they come. When the pipeline wants no more (Select-Object -First), WriteObject
    /// throws; then, as on Ctrl+C, the stream's requests are cancelled on the way out.
    /// </summary>
    private protected void Drain<T>(Func<CancellationToken, IAsyncEnumerable<Streamed<T>>> open, Action<T>? write = null)
    {
        foreach (var item in PipelineThread.Pull(open, Stop))
        {
            Write(item, write);
        }
    }

    /// <summary>Waits for one result of a service.</summary>
    private protected T Await<T>(Func<CancellationToken, Task<T>> start) => PipelineThread.Wait(start(Stop), Stop);

    /// <summary>Something that was asked for failed, so that what was written is not all.</summary>
    private protected bool HasFailed { get; private set; }

    private protected void WriteFailure(HomelabException error)
    {
        HasFailed = true;
        WriteError(Errors.Record(error));
    }

    private void Write<T>(Streamed<T> item, Action<T>? write)
    {
        if (item.Notice is { } notice)
        {
            HasFailed |= notice is FailureNotice;
            Notices.Write(this, notice);
        }
        else if (write is not null)
        {
            write(item.Value!);
        }
        else
        {
            WriteObject(item.Value);
        }
    }
}
