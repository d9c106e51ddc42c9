using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Forwarding;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>HTTPS to a port of a pod through a port-forward within this process: nothing listens on this machine.</summary>
internal static class PodTls
{
    /// <summary>A client that trusts one certificate and no other: nobody keeps the authority that has signed it.</summary>
    public static HttpClient Client(ClusterClient cluster, HomelabPod pod, int port, X509Certificate2 certificate)
    {
        var expected = certificate.RawData;
        var ending = new CancellationTokenSource();
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (_, cancellationToken) => Join(await OpenAsync(cluster, pod, port, cancellationToken), ending.Token),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && presented.GetRawCertData().AsSpan().SequenceEqual(expected) },
        };
        return new TunnelClient(handler, ending) { BaseAddress = new Uri($"https://{pod.Name}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async Task<WebSocket> OpenAsync(ClusterClient cluster, HomelabPod pod, int port, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.OpenForwardAsync(pod.Namespace, pod.Name, port, cancellationToken);
        }
        catch (HomelabException error)
        {
            throw new HttpRequestException(error.Message, error);
        }
    }

    private static Stream Join(WebSocket socket, CancellationToken ending)
    {
        var (client, server) = StreamPair.Create();
        _ = PumpAsync();
        return client;

        async Task PumpAsync()
        {
            using var own = socket;
            await using var end = server;
            await PodTunnel.JoinAsync(server, socket, ending);
        }
    }

    // The protocol has no end of one direction only, so a tunnel would stay open until the pod closes it.
    private sealed class TunnelClient(HttpMessageHandler handler, CancellationTokenSource ending) : HttpClient(handler)
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                ending.Cancel();
                ending.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
