using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HomelabOps.Core.Tests.Fakes;

/// <summary>The answer to one request, sent piece by piece as the test wants it.</summary>
internal sealed class FakeReply : IDisposable
{
    private readonly Socket _socket;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _answered;

    public FakeReply(Socket socket, CancellationToken stop)
    {
        (_socket, _stop) = (socket, stop);
        _answered = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ClosedByClient = WatchAsync();
    }

    /// <summary>The connection may carry a further request.</summary>
    public bool KeepAlive { get; private set; }

    public Task ClosedByClient { get; }

    public void Dispose()
    {
        _answered.Cancel();
        _answered.Dispose();
    }

    /// <summary>A whole answer.</summary>
    public async Task SendAsync(string body, int status = 200, string type = "application/json", params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await HeadAsync(status, [$"Content-Type: {type}", $"Content-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}", .. headers]);
        await WriteAsync(bytes);
        KeepAlive = true;
    }

    /// <summary>A status object as the API server sends it with every failure.</summary>
    public Task FailAsync(int status, string reason, string message, string? fresh = null, params string[] headers) => SendAsync(
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{{{(fresh is null ? "" : $"\"continue\":\"{fresh}\"")}}},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{status.ToString(CultureInfo.InvariantCulture)}}}""",
        status,
        headers: headers);

    /// <summary>Begins an answer of unknown length, such as a watch.</summary>
    public Task BeginAsync() => HeadAsync(200, ["Content-Type: application/json", "Transfer-Encoding: chunked"]);

    /// <summary>Begins an answer that ends with the connection, as old proxies send it.</summary>
    public Task BeginUndelimitedAsync() => HeadAsync(200, ["Content-Type: application/json", "Connection: close"]);

    public Task ChunkAsync(string text) => ChunkAsync(Encoding.UTF8.GetBytes(text));

    public async Task ChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        // In one segment: a size apart from its bytes would wait for the acknowledgement of the client.
        byte[] chunk = [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes.Span, (byte)'\r', (byte)'\n'];
        await WriteAsync(chunk);
    }

    public async Task EndAsync()
    {
        await WriteAsync("0\r\n\r\n"u8.ToArray());
        KeepAlive = true;
    }

    /// <summary>A chunked answer in pieces of the given sizes, of which the last repeats.</summary>
    public async Task PiecesAsync(string body, params int[] sizes)
    {
        var bytes = Encoding.UTF8.GetBytes(body).AsMemory();
        await BeginAsync();
        for (var (index, start) = (0, 0); start < bytes.Length; index++)
        {
            var size = Math.Min(Math.Max(1, sizes[Math.Min(index, sizes.Length - 1)]), bytes.Length - start);
            await ChunkAsync(bytes.Slice(start, size));
            start += size;
        }

        await EndAsync();
    }

    /// <summary>A chunked answer that is cut after so many characters.</summary>
    public async Task CutAsync(string body, int length)
    {
        await BeginAsync();
        await ChunkAsync(body[..length]);
    }

    /// <summary>Ends the connection with RST instead of FIN.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Says nothing until the client gives up.</summary>
    public Task StallAsync() => ClosedByClient.WaitAsync(_stop);

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, _stop)..];
        }
    }

    private Task HeadAsync(int status, IEnumerable<string> headers) => WriteAsync(
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} {(status == 200 ? "OK" : "Scripted")}\r\n{string.Join("\r\n", headers)}\r\n\r\n"));

    // A client does not send while it waits for its answer, so all there can be to read is the end of the connection.
    private async Task WatchAsync()
    {
        try
        {
            var read = await _socket.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.Peek, _answered.Token);
            if (read > 0)
            {
                await Task.Delay(Timeout.Infinite, _stop);
            }
        }
        catch (SocketException)
        {
            // Reset by the client, which is an end as well.
        }
    }
}
