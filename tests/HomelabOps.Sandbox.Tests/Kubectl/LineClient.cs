using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>A client that sends and reads lines.</summary>
internal sealed class LineClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TcpClient _client = new();
    private StreamReader? _reader;

    public static async Task<LineClient> ConnectAsync(int port)
    {
        var client = new LineClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        client._reader = new StreamReader(client._client.GetStream());
        return client;
    }

    public async Task<string?> AskAsync(string line)
    {
        await _client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        return await ReadAsync();
    }

    /// <summary>The next line, or null at the end.</summary>
    public async Task<string?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _reader!.ReadLineAsync(limit.Token);
    }

    public void EndInput() => _client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _reader?.Dispose();
        _client.Dispose();
    }
}
