using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>
/// Makes a handler's connections where its own way is not enough. SocketsHttpHandler writes the address's name over
/// SslOptions.TargetHost, so for tls-server-name the handshake is done here (it takes an SslStream as it is). And a pooled
/// connection keeps the certificate that it was made with, so after an exec plugin gave another one all of them have to go,
/// as in client-go.
/// </summary>
internal sealed class EndpointConnector(ClusterEndpoint endpoint, Action<SslClientAuthenticationOptions> configure, bool ownHandshake)
{
    private readonly ConcurrentDictionary<TrackedStream, byte> _open = new();

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        TrackedStream stream = await OpenAsync(context.DnsEndPoint, cancellationToken);

        // To a proxy the connection stays plain: the handler makes the tunnel and then the handshake, in which the
        // validator still checks the name, although the server is not told it.
        return ownHandshake && endpoint.Server.Scheme == "https" && IsServer(context.DnsEndPoint)
            ? await AuthenticateAsync(stream, endpoint.TlsServerName ?? endpoint.Server.IdnHost.Trim('[', ']'), context.InitialRequestMessage, cancellationToken)
            : stream;
    }

    public void CloseAll()
    {
        foreach (TrackedStream stream in _open.Keys)
        {
            stream.Dispose();
        }
    }

    private bool IsServer(DnsEndPoint target) => target.Port == endpoint.Server.Port
        && string.Equals(target.Host.Trim('[', ']'), endpoint.Server.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);

    private async Task<TrackedStream> OpenAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            var stream = new TrackedStream(socket, this);
            _open.TryAdd(stream, 0);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<SslStream> AuthenticateAsync(TrackedStream stream, string name, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions();
        configure(options);
        options.TargetHost = name;
        options.ApplicationProtocols = request.Version.Major >= 2 || request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http11];
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private sealed class TrackedStream(Socket socket, EndpointConnector owner) : NetworkStream(socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            owner._open.TryRemove(this, out _);
            base.Dispose(disposing);
        }
    }
}
