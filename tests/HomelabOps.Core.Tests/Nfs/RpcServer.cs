using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Core.Tests.Nfs;

/// <summary>Listens on loopback and answers each message with the bytes that it is told to, whether they make sense or not.</summary>
internal sealed class RpcServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte[], byte[]?> _answer;

    /// <param name="answer">Gets a message without its mark and gives all bytes that are sent back; null for silence.</param>
    /// <param name="address">The address; loopback of IPv4 by default.</param>
    public RpcServer(Func<byte[], byte[]?> answer, IPAddress? address = null)
    {
        _answer = answer;
        _listener = new(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>A message with its mark.</summary>
    public static byte[] Record(params byte[] message) => [.. Word(0x8000_0000 | (uint)message.Length), .. message];

    public static byte[] Word(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>An accepted reply to a call, with these words as its state and results.</summary>
    public static byte[] Reply(byte[] call, params uint[] words) => Record([.. call[..4], .. Word(1), .. Word(0), .. Word(0), .. Word(0), .. words.SelectMany(Word)]);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var mark = new byte[4];
                while (true)
                {
                    await client.GetStream().ReadExactlyAsync(mark, _stop.Token);
                    var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(mark) & 0x7fff_ffff];
                    await client.GetStream().ReadExactlyAsync(message, _stop.Token);
                    if (_answer(message) is { } answer)
                    {
                        await client.GetStream().WriteAsync(answer, _stop.Token);
                    }
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client has gone.
            }
        }
    }
}
