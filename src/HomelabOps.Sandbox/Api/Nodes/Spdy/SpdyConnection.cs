using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>The server's side of SPDY/3.1 over any stream of bytes, as far as Kubernetes uses it: streams that the client opens, without flow control.</summary>
internal sealed class SpdyConnection(Stream transport) : IDisposable
{
    private const int SynStreamHead = 10;
    private const int OtherHead = 4;
    private readonly ConcurrentDictionary<int, SpdyStream> _streams = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly HeaderReader _headers = new();
    private bool _replied;

    /// <summary>Reads frames until the client has gone.</summary>
    /// <param name="opened">Called with each stream that the client opens; must not wait for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The client does not speak SPDY/3.1.</exception>
    public async Task RunAsync(Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        try
        {
            while (await SpdyFrame.ReadAsync(transport, cancellationToken) is { Type: not FrameType.GoAway } frame)
            {
                await HandleAsync(frame, opened, cancellationToken);
            }
        }
        finally
        {
            foreach (var stream in _streams.Values)
            {
                await stream.CancelAsync();
            }
        }
    }

    public async Task SendAsync(SpdyFrame frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // A frame that is cut off would make all that follow unreadable, so only waiting for the turn can be cancelled.
            await transport.WriteAsync(frame.ToBytes(), CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Forget(SpdyStream stream) => _streams.TryRemove(stream.Id, out _);

    public void Dispose()
    {
        _headers.Dispose();
        _sending.Dispose();
    }

    private async Task HandleAsync(SpdyFrame frame, Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        switch (frame.Type)
        {
            case null when _streams.TryGetValue(frame.Stream, out var stream):
                await stream.ReceiveAsync(frame.Payload, frame.IsLast, cancellationToken);
                break;
            case FrameType.SynStream:
                await OpenAsync(frame, opened, cancellationToken);
                break;
            case FrameType.RstStream when _streams.TryGetValue((int)frame.Number, out var stream):
                await stream.CancelAsync();
                break;
            case FrameType.Ping:
                await SendAsync(frame, cancellationToken);
                break;
            case FrameType.SynReply or FrameType.Headers:
                // Of no use here, but what follows cannot be read without it.
                _headers.Read(Block(frame, OtherHead));
                break;
        }
    }

    private async Task OpenAsync(SpdyFrame frame, Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        var stream = new SpdyStream((int)(frame.Number & int.MaxValue), _headers.Read(Block(frame, SynStreamHead)), this, cancellationToken);
        if (!_streams.TryAdd(stream.Id, stream))
        {
            throw new InvalidDataException($"stream {stream.Id} is opened twice");
        }

        await SendAsync(SpdyFrame.Control(FrameType.SynReply, (uint)stream.Id, NoHeaders()), cancellationToken);
        if (frame.IsLast)
        {
            await stream.ReceiveAsync([], last: true, cancellationToken);
        }

        opened(stream);
    }

    private static ReadOnlySpan<byte> Block(SpdyFrame frame, int head) => frame.Payload.Length >= head
        ? frame.Payload.AsSpan(head)
        : throw new InvalidDataException($"a frame {frame.Type} of {frame.Payload.Length} bytes is too short");

    // Our side of the compressed headers: the head of a zlib stream once, then the number of headers, 0, as it is, and the empty block that ends each flush.
    private byte[] NoHeaders()
    {
        Span<byte> none = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(none, 0);
        byte[] head = _replied ? [] : [0x78, 0x01];
        _replied = true;
        return [.. head, .. StoredBlock.Of(none), .. StoredBlock.Of([])];
    }
}
