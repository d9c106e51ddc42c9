using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Serves Syncthing's REST API within the pods of movers, with the certificate and the key of their Secrets.</summary>
internal sealed class SyncthingServer(Informer secrets, ReplicationWorld world) : IPodServer, IDisposable
{
    private readonly ConcurrentDictionary<(string Uid, string Version), SslStreamCertificateContext> _certificates = new();

    public bool Serves(JsonObject pod, int port) => port == SyncthingMover.ApiPort && VolSyncNames.SyncthingSourceOf(pod) is not null;

    public async Task ServeAsync(JsonObject pod, int port, Stream connection, CancellationToken cancellationToken)
    {
        var source = new ObjectName(Text(pod, "metadata.namespace"), VolSyncNames.SyncthingSourceOf(pod)!);
        if (secrets.Find(source.Namespace, $"volsync-{source.Name}") is not { } secret)
        {
            return;
        }

        var tls = new SslStream(connection, leaveInnerStreamOpen: true);
        await using (tls)
        {
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = Certificate(secret) }, cancellationToken);
                var api = new SyncthingApi(world.Syncthing, source, SyncthingSecret.Field(secret, "apikey"), SyncthingSecret.Field(secret, "username"));
                await PodHttpServer.ServeAsync(tls, (request, stop) => IsPresent(secret) ? api.AnswerAsync(request, stop) : throw new IOException(), cancellationToken);
            }
            catch (Exception error) when (error is AuthenticationException or IOException or CryptographicException)
            {
                // A client that does not trust the certificate, or has gone; or somebody has put another pair into the Secret.
            }
        }
    }

    public void Dispose()
    {
        foreach (var certificate in _certificates.Values)
        {
            certificate.TargetCertificate.Dispose();
        }
    }

    // Another key, or another certificate, is for other connections.
    private bool IsPresent(JsonObject secret) => secrets.Find(ObjectName.Of(secret)) is { } present && Version(present) == Version(secret);

    private static (string Uid, string Version) Version(JsonObject secret) => (Text(secret, "metadata.uid"), Text(secret, "metadata.resourceVersion"));

    // With the chain, which would be looked for anew at each connection.
    private SslStreamCertificateContext Certificate(JsonObject secret) => _certificates.GetOrAdd(Version(secret), _ =>
    {
        using var pair = X509Certificate2.CreateFromPem(SyncthingSecret.Field(secret, "httpsCertPEM"), SyncthingSecret.Field(secret, "httpsKeyPEM"));

        // Windows serves no key that was never in a container.
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null), additionalCertificates: null, offline: true);
    });
}
