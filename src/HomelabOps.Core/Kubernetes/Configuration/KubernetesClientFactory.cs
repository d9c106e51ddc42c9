using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Authentication;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>
/// KubernetesClient with our connection. In a file of its own, and nothing else here names one of its types: its 12 MB are
/// loaded only when somebody asks for it.
/// </summary>
public static class KubernetesClientFactory
{
    /// <summary>
    /// The configuration with the same credentials, certificates and authorities. With an exec plugin that gives a
    /// certificate, ask <see cref="ClusterEndpoint.Credentials"/> once before: WebSockets need the certificate at that time.
    /// </summary>
    public static KubernetesClientConfiguration Configure(ClusterEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var configuration = new KubernetesClientConfiguration
        {
            Host = endpoint.Server.AbsoluteUri,
            Namespace = endpoint.Namespace,
            TlsServerName = endpoint.TlsServerName,
            SkipTlsVerify = endpoint.SkipTlsVerify,
            SslCaCerts = endpoint.CertificateAuthorities,

            // It puts its own TLS settings over these afterwards, so the handshake is ours: one judgement about the server
            // in the whole module. Through a proxy its own check against the same authorities applies.
            FirstMessageHandlerSetup = handler => HttpHandlerFactory.Configure(handler, endpoint, ownHandshake: true),
        };
        if ((endpoint.ClientIdentity ?? (endpoint.Credentials as ExecPluginCredentials)?.Certificate) is { } identity)
        {
            configuration.ClientCertificateData = ToBase64(identity.CertificatePem);
            configuration.ClientCertificateKeyData = ToBase64(identity.KeyPem);
        }

        if (endpoint.Credentials is not StaticCredentials { IsNone: true })
        {
            configuration.TokenProvider = new TokenProvider(endpoint.Credentials);
        }

        return configuration;
    }

    /// <summary>A client with that configuration, which also acts on behalf of the user that the kubeconfig names.</summary>
    public static k8s.Kubernetes Create(ClusterEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Impersonation is { } impersonation
            ? new k8s.Kubernetes(Configure(endpoint), new ImpersonationHandler(impersonation))
            : new k8s.Kubernetes(Configure(endpoint));
    }

    private static string ToBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class TokenProvider(ICredentialSource source) : ITokenProvider
    {
        public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            (await source.GetAsync(refresh: false, cancellationToken))!;
    }

    private sealed class ImpersonationHandler(Impersonation impersonation) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            impersonation.Apply(request.Headers);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
