using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.Kubernetes.Configuration;
using k8s;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Our reading against KubernetesClient's, on every sample.</summary>
public sealed class KubeConfigComparisonTests
{
    public static TheoryData<string> Samples => [.. KubeConfigSamples.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Reads_what_KubernetesClient_reads(string name)
    {
        KubeConfigSample sample = KubeConfigSamples.All.Single(sample => sample.Name == name);
        using var folder = new TemporaryFolder();
        string path = KubeConfigSamples.Write(folder, sample.Text);

        ClusterEndpoint ours = ClusterEndpoint.Resolve(KubeConfig.Load([path]), sample.Context);
        KubernetesClientConfiguration theirs;
        try
        {
            theirs = KubernetesClientConfiguration.BuildConfigFromConfigFile(path, sample.Context);
        }
        catch (Exception) when (sample.TheirsDiffers is not null)
        {
            return;
        }

        Assert.Equal(theirs.CurrentContext, ours.Name);
        Assert.Equal(new Uri(theirs.Host), ours.Server);
        Assert.Equal(theirs.Namespace ?? "default", ours.Namespace);
        Assert.Equal(theirs.SkipTlsVerify, ours.SkipTlsVerify);
        Assert.Equal(theirs.TlsServerName, ours.TlsServerName);
        Assert.Equal(theirs.SslCaCerts?[0].Thumbprint, ours.CertificateAuthorities?[0].Thumbprint);
        using X509Certificate2? certificate = ClientCertificate(theirs);
        Assert.Equal(certificate?.Thumbprint, ours.ClientCertificate?.Thumbprint);
        Assert.Equal(certificate?.HasPrivateKey, ours.ClientCertificate?.HasPrivateKey);

        if (sample.TheirsDiffers is null)
        {
            AuthenticationHeaderValue? header = await ours.Credentials.GetAsync(refresh: false, TestContext.Current.CancellationToken);
            string? expected = theirs.AccessToken ?? (theirs.Username is null ? null : TestCertificates.Base64($"{theirs.Username}:{theirs.Password}"));
            Assert.Equal(expected, header?.Parameter);
        }
    }

    [Fact]
    public void There_are_enough_samples() => Assert.InRange(KubeConfigSamples.All.Count(sample => sample.TheirsDiffers is null), 20, 100);

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Lends_the_same_to_KubernetesClient(string name)
    {
        KubeConfigSample sample = KubeConfigSamples.All.Single(sample => sample.Name == name);
        using var folder = new TemporaryFolder();
        ClusterEndpoint endpoint = ClusterEndpoint.Resolve(KubeConfig.Load([KubeConfigSamples.Write(folder, sample.Text)]), sample.Context);

        KubernetesClientConfiguration lent = KubernetesClientFactory.Configure(endpoint);

        Assert.Equal(endpoint.Server, new Uri(lent.Host));
        Assert.Equal(endpoint.Namespace, lent.Namespace);
        Assert.Same(endpoint.CertificateAuthorities, lent.SslCaCerts);
        using X509Certificate2? certificate = ClientCertificate(lent);
        Assert.Equal(endpoint.ClientCertificate?.Thumbprint, certificate?.Thumbprint);
        AuthenticationHeaderValue? expected = await endpoint.Credentials.GetAsync(refresh: false, TestContext.Current.CancellationToken);
        Assert.Equal(expected, lent.TokenProvider is null ? null : await lent.TokenProvider.GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken));
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration configuration) => configuration switch
    {
        { ClientCertificateData: { } certificate, ClientCertificateKeyData: { } key } => X509Certificate2.CreateFromPem(Decode(certificate), Decode(key)),
        { ClientCertificateFilePath: { } certificate, ClientKeyFilePath: { } key } => X509Certificate2.CreateFromPemFile(certificate, key),
        _ => null,
    };

    private static string Decode(string data) => Encoding.UTF8.GetString(Convert.FromBase64String(data));
}
