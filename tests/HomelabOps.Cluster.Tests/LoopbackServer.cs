using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Cluster.Tests;

/// <summary>A server on loopback that answers by a rule, or accepts and says nothing.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _accepted = new(0);
    private readonly Func<string, (int Status, string Body)>? _answer;
    private readonly X509Certificate2? _certificate;
    private readonly string? _greeting;

    /// <param name="answer">Answer for a path with its query; null to stay silent.</param>
    /// <param name="certificate">Certificate of a server that speaks TLS.</param>
    /// <param name="greeting">What a server says that is none for HTTP; then it hangs up.</param>
    public LoopbackServer(Func<string, (int Status, string Body)>? answer, X509Certificate2? certificate = null, string? greeting = null)
    {
        (_answer, _certificate, _greeting) = (answer, certificate, greeting);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>A port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>An API server with no more than pods, nodes and namespaces, of which there are none.</summary>
    public static LoopbackServer WithoutFlux() => new(path => path.Split('?')[0] switch
    {
        "/version" => (200, """{"gitVersion":"v1.36.0"}"""),
        "/api" => (200, """{"kind":"APIVersions","versions":["v1"]}"""),
        "/apis" => (200, """{"kind":"APIGroupList","groups":[]}"""),
        "/api/v1" => (200, """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get","list","watch"]}]}"""),
        _ => (404, Status(404, "the server could not find the requested resource")),
    });

    public static string Status(int code, string message) => $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","code":{{code}}}""";

    /// <summary>Waits until somebody has connected.</summary>
    public bool WaitForConnection(TimeSpan limit) => _accepted.Wait(limit);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
        _accepted.Dispose();
        _certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        var token = _stop.Token;
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(token);
                _accepted.Release();
                _ = ServeAsync(client, token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken token)
    {
        using var connection = client;
        try
        {
            if (_greeting is not null)
            {
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_greeting), token);
                return;
            }

            if (_answer is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }

            await using var stream = await OpenAsync(connection, token);
            while (await ReadPathAsync(stream, token) is { } path)
            {
                var (status, body) = _answer!(path);
                var bytes = Encoding.UTF8.GetBytes(body);
                var head = $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), token);
                await stream.WriteAsync(bytes, token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client went, or did not like the certificate.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient connection, CancellationToken token)
    {
        if (_certificate is null)
        {
            return connection.GetStream();
        }

        var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, token);
        return tls;
    }

    // The path of the next request; null when there is none.
    private static async Task<string?> ReadPathAsync(Stream stream, CancellationToken token)
    {
        var head = new StringBuilder();
        var single = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(single, token) == 0)
            {
                return null;
            }

            head.Append((char)single[0]);
        }

        return head.ToString().Split(' ')[1];
    }
}
