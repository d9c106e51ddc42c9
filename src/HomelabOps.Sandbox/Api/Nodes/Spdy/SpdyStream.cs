using System.IO.Pipelines;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>One of the streams of a connection, opened by the client.</summary>
internal sealed class SpdyStream(int id, IReadOnlyDictionary<string, string> headers, SpdyConnection connection, CancellationToken closing) : IDisposable
{
    private const int Waiting = 1024 * 1024;
    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: Waiting, resumeWriterThreshold: Waiting / 2));
    private readonly CancellationTokenSource _reset = CancellationTokenSource.CreateLinkedTokenSource(closing);
    private int _ended;

    public int Id => id;

    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>What the client sends, to its end.</summary>
    public PipeReader Received => _received.Reader;

    /// <summary>Cancelled when the client wants no more of it, or has gone.</summary>
    public CancellationToken Reset => _reset.Token;

    public async Task SendAsync(ReadOnlyMemory<byte> data)
    {
        for (; data.Length > 0; data = data[Math.Min(SpdyFrame.LongestData, data.Length)..])
        {
            await connection.SendAsync(new(null, id, 0, data[..Math.Min(SpdyFrame.LongestData, data.Length)].ToArray()), Reset);
        }
    }

    /// <summary>Says that nothing more comes from here; once.</summary>
    public async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0 && !Reset.IsCancellationRequested)
        {
            await connection.SendAsync(new(null, id, SpdyFrame.Last, []), Reset);
        }
    }

    internal async Task ReceiveAsync(byte[] data, bool last, CancellationToken cancellationToken)
    {
        if (data.Length > 0)
        {
            // A stream whose data nobody takes holds up the connection, as SPDY without windows does.
            await _received.Writer.WriteAsync(data, cancellationToken);
        }

        if (last)
        {
            await _received.Writer.CompleteAsync();
        }
    }

    internal async Task CancelAsync()
    {
        await _received.Writer.CompleteAsync();
        try
        {
            await _reset.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Its forwarding has just ended.
        }
    }

    public void Dispose() => _reset.Dispose();
}
