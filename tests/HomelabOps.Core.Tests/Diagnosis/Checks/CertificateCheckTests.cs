using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Certificates and when they end.</summary>
public sealed class CertificateCheckTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly ResourceReference Secret = new(Made.Cluster, "Secret", "media", "tls");

    [Theory]
    [InlineData("ClientCertificateEnds", 31, "", "")]
    [InlineData("ClientCertificateEnds", 29, "Warning", "k3s certificate rotate")]
    [InlineData("ServerCertificateEnds", 1, "Warning", "systemctl restart k3s-agent")]
    [InlineData("ServerCertificateEnds", -1, "Error", "has ended on")]
    [InlineData("IngressCertificateEnds", -1, "Error", "cert-manager")]
    public void What_ends_within_a_month_is_told(string reason, int days, string severity, string words)
    {
        var snapshot = Snapshot(new CertificateFacts(Secret, reason, Now.AddDays(days)));
        Assert.Equal(severity.Length == 0 ? [] : [$"{severity} {reason} Secret/media/tls"], new CertificateCheck().Findings(snapshot));
        Assert.Contains(words, new CertificateCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(365, 345, "", "Warning")]
    [InlineData(90, 65, "cert-manager.io/certificate-name", "")]
    [InlineData(90, 75, "cert-manager.io/certificate-name", "Warning")]
    [InlineData(365, 350, "cert-manager.io/certificate-name", "Warning")]
    public async Task The_certificate_of_a_Secret_is_read_and_who_renews_it_counts(int days, int age, string annotation, string severity)
    {
        var pem = Pem(Now.AddDays(-age), Now.AddDays(days - age));
        var annotations = annotation.Length == 0 ? "" : $$""","annotations":{"{{annotation}}":"tls"}""";
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(
            $$$"""{"metadata":{"name":"tls","namespace":"media"{{{annotations}}}},"type":"kubernetes.io/tls","data":{"tls.key":"bm90IHJlYWQ=","tls.crt":"{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(pem))}}}"} }"""));
        var read = await ReadAsync(server, []);

        var found = Assert.Single(read);
        Assert.Equal(["Ingress/media/sonarr"], found.Users.Select(user => $"{user}"));
        Assert.Equal(severity.Length == 0 ? [] : [$"{severity} IngressCertificateEnds Secret/media/tls"], new CertificateCheck().Findings(Snapshot(found)));
        Assert.Equal("/api/v1/namespaces/media/secrets/tls", Assert.Single(server.Requests).Path);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"tls"},"data":{"tls.crt":"bm90aGluZw=="} }""", 200)]
    [InlineData("""{"metadata":{"name":"tls"},"data":{"other":"bm90aGluZw=="} }""", 200)]
    [InlineData("""{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""", 404)]
    public async Task What_is_no_certificate_has_no_end(string body, int status)
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(body, status));
        Assert.Empty(await ReadAsync(server, []));
    }

    [Fact]
    public async Task What_may_not_be_read_is_told()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(403, "Forbidden", "secrets is forbidden"));
        List<ResourceType> refused = [];
        Assert.Empty(await ReadAsync(server, refused));
        Assert.Equal(["secrets"], refused.Select(type => type.QualifiedName));
    }

    private static async Task<IReadOnlyList<CertificateFacts>> ReadAsync(FakeApiServer server, List<ResourceType> refused)
    {
        using var client = server.Client();
        var ingress = Made.Of(DiagnosisWireContext.Default.IngressWire, """{"metadata":{"name":"sonarr","namespace":"media"},"spec":{"tls":[{"hosts":["sonarr.lan"],"secretName":"tls"},{"hosts":["other.lan"]}]} }""");
        return await new CertificateReader(client, refused.Add, _ => { }).ReadAsync([ingress], TestContext.Current.CancellationToken).Soon();
    }

    private static HomelabSnapshot Snapshot(CertificateFacts certificate) => new() { Cluster = Made.Cluster, Now = Now, Certificates = [certificate] };

    private static string Pem(DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=sonarr.lan", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, to);
        return certificate.ExportCertificatePem();
    }
}
