using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>
/// The body of an answer without a length, a chunk for each write. HttpListener sends a chunk in three pieces, its size, its bytes and its end;
/// with a thousand watches these calls are most of the work. Here it is one piece, once HttpListener has sent the head with the first.
/// </summary>
/// <param name="head">HttpListener's own stream, which sends the head and, when it is closed, the end.</param>
/// <param name="socket">The connection below it.</param>
internal sealed class ChunkStream(Stream head, Socket socket) : WriteOnlyStream
{
    private const int SizeDigits = 8;
    private static readonly StandardFormat Hexadecimal = new('X');
    private bool _isBegun;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        if (!_isBegun)
        {
            await head.WriteAsync(buffer, cancellationToken);
            _isBegun = true;
            return;
        }

        var chunk = ArrayPool<byte>.Shared.Rent(SizeDigits + 2 + buffer.Length + 2);
        try
        {
            Utf8Formatter.TryFormat(buffer.Length, chunk, out var length, Hexadecimal);
            length = Append(chunk, length, "\r\n"u8);
            length = Append(chunk, length, buffer.Span);
            length = Append(chunk, length, "\r\n"u8);
            await SendAsync(chunk.AsMemory(0, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            head.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int Append(byte[] chunk, int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(chunk.AsSpan(length));
        return length + bytes.Length;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}
