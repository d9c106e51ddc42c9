using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Answers HTTP requests over TLS on loopback, and keeps what it saw of the client.</summary>
internal sealed class TestApiServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _intermediates;
    private readonly bool _requireClient;
    private readonly Task _accepting;

    public TestApiServer(X509Certificate2 certificate, bool requireClient = false, params X509Certificate2[] intermediates)
    {
        _certificate = certificate;
        _intermediates = new X509Certificate2Collection(intermediates);
        _requireClient = requireClient;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"https://127.0.0.1:{Port}";

    public string? ClientThumbprint { get; private set; }

    public string? ServerNameIndication { get; private set; }

    public string Request { get; private set; } = "";

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped, perhaps between two clients.
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        await using (var tls = new SslStream(client.GetStream()))
        {
            try
            {
                Connections++;
                await tls.AuthenticateAsServerAsync((_, hello, _, _) =>
                {
                    ServerNameIndication = hello.ServerName;
                    return ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, _intermediates, offline: true),
                        ClientCertificateRequired = _requireClient,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        RemoteCertificateValidationCallback = (_, shown, _, _) => !_requireClient || shown is not null,
                    });
                }, null, _stop.Token);
                ClientThumbprint = tls.RemoteCertificate is X509Certificate2 shown ? shown.Thumbprint : null;
                await AnswerAsync(tls);
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that does not like the certificate goes away.
            }
        }
    }

    private async Task AnswerAsync(SslStream tls)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (await tls.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                continue;
            }

            Request = request.ToString();
            request.Clear();
            await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1\"}"u8.ToArray(), _stop.Token);
        }
    }
}
