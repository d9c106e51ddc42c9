using System.Net.WebSockets;
using System.Text;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>A WebSocket with channels: the first byte of each message says which one it is for.</summary>
internal sealed class ApiSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly HttpResponseMessage _response;
    private readonly WebSocket _socket;
    private readonly Dictionary<int, List<byte>> _channels = [];

    public ApiSocket(HttpResponseMessage response)
    {
        _response = response;
        Protocol = string.Join(',', response.Headers.GetValues("Sec-WebSocket-Protocol"));
        _socket = WebSocket.CreateFromStream(response.Content.ReadAsStream(), new WebSocketCreationOptions { SubProtocol = Protocol });
    }

    /// <summary>What the server chose.</summary>
    public string Protocol { get; }

    /// <summary>What has come on a channel so far.</summary>
    public string this[int channel] => _channels.TryGetValue(channel, out var bytes) ? Encoding.UTF8.GetString([.. bytes]) : "";

    public void Send(int channel, string text) => Send(channel, Encoding.UTF8.GetBytes(text));

    public void Send(int channel, byte[] data)
    {
        using var limit = new CancellationTokenSource(Patience);
        _socket.SendAsync((byte[])[(byte)channel, .. data], WebSocketMessageType.Binary, endOfMessage: true, limit.Token).GetAwaiter().GetResult();
    }

    /// <summary>Takes what comes until a channel has this in it.</summary>
    public void Until(int channel, string text)
    {
        while (!this[channel].Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Receive(), $"The server closed before '{text}'; channel {channel} had: {this[channel]}");
        }
    }

    /// <summary>Takes what comes until the server closes.</summary>
    public void ToEnd()
    {
        while (Receive())
        {
        }
    }

    /// <summary>The bytes of a channel.</summary>
    public byte[] Bytes(int channel) => [.. _channels.GetValueOrDefault(channel, [])];

    public void Dispose()
    {
        _socket.Dispose();
        _response.Dispose();
    }

    private bool Receive()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = _socket.ReceiveAsync(buffer, limit.Token).GetAwaiter().GetResult();
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        if (part.MessageType == WebSocketMessageType.Close)
        {
            return false;
        }

        if (message.ToArray() is [var channel, .. var data])
        {
            if (!_channels.TryGetValue(channel, out var bytes))
            {
                _channels[channel] = bytes = [];
            }

            bytes.AddRange(data);
        }

        return true;
    }
}
