using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Makes the HTTP handler of an endpoint: TLS, client certificate, proxy.</summary>
public static class HttpHandlerFactory
{
    /// <summary>A handler of its own; who asked for it disposes of it.</summary>
    public static SocketsHttpHandler Create(ClusterEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler();
        Configure(handler, endpoint);
        return handler;
    }

    /// <param name="handler">The handler to set up.</param>
    /// <param name="endpoint">What it will talk to.</param>
    /// <param name="ownHandshake">True where somebody else writes over the handler's TLS options later.</param>
    internal static void Configure(SocketsHttpHandler handler, ClusterEndpoint endpoint, bool ownHandshake = false)
    {
        ArgumentNullException.ThrowIfNull(endpoint);

        // A redirect could carry the credentials to another host.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = endpoint.DisableCompression ? DecompressionMethods.None : DecompressionMethods.GZip;
        handler.ConnectTimeout = endpoint.ConnectTimeout;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2);
        handler.EnableMultipleHttp2Connections = true;

        // For KubernetesClient, which speaks HTTP/2: only a ping tells a quiet server from one that is gone. Our own reads
        // are HTTP/1.1 and bound the silence themselves.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;

        Configure(handler.SslOptions, endpoint);
        var plugin = endpoint.Credentials as ExecPluginCredentials;
        ownHandshake |= endpoint.TlsServerName is not null;
        if (plugin is not null || ownHandshake)
        {
            var connector = new EndpointConnector(endpoint, options => Configure(options, endpoint), ownHandshake);
            handler.ConnectCallback = connector.ConnectAsync;
            plugin?.CertificateChanged += connector.CloseAll;
        }

        if (endpoint.ProxyUrl is { } proxy)
        {
            handler.Proxy = CreateProxy(proxy);
            handler.UseProxy = true;
        }
    }

    private static void Configure(SslClientAuthenticationOptions options, ClusterEndpoint endpoint)
    {
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        var validator = new ServerCertificateValidator(endpoint);
        options.RemoteCertificateValidationCallback = validator.Validate;
        options.CertificateChainPolicy = validator.Policy();
        if (endpoint.ClientIdentity is { } identity)
        {
            options.ClientCertificateContext = identity.CreateContext();
        }
        else if (endpoint.Credentials is ExecPluginCredentials plugin)
        {
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => plugin.Certificate?.Certificate!;
        }
    }

    private static WebProxy CreateProxy(Uri address)
    {
        // .NET leaves names to a socks5 proxy anyway and does not know the other spelling.
        var proxy = new WebProxy(address.Scheme == "socks5h" ? new UriBuilder(address) { Scheme = "socks5" }.Uri : address);
        if (address.UserInfo.Length > 0)
        {
            string[] parts = address.UserInfo.Split(':', 2);
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        return proxy;
    }
}
