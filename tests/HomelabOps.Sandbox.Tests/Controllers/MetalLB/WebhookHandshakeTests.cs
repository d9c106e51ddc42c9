using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Sandbox.Controllers.MetalLB;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

/// <summary>What an API server says of the certificate of a webhook.</summary>
public sealed class WebhookHandshakeTests
{
    private const string Host = "hook.space.svc";
    private const string Failed = "tls: failed to verify certificate: x509: ";
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public void A_certificate_of_the_authority_is_accepted_while_it_is_valid()
    {
        var (certificate, authority) = Signed(Host);
        Assert.Null(WebhookHandshake.Refusal(certificate, authority, Host, Now));
        Assert.Equal(Failed + "certificate has expired or is not yet valid: current time 2026-04-01T12:00:00Z is after 2026-03-11T12:00:00Z", WebhookHandshake.Refusal(certificate, authority, Host, Now.AddDays(31)));
        Assert.Equal(Failed + "certificate has expired or is not yet valid: current time 2026-01-30T12:00:00Z is before 2026-02-19T12:00:00Z", WebhookHandshake.Refusal(certificate, authority, Host, Now.AddDays(-30)));
    }

    [Fact]
    public void The_name_has_to_be_an_alternative_one()
    {
        var (certificate, authority) = Signed("one.space.svc", "two.space.svc");
        Assert.Equal(Failed + $"certificate is valid for one.space.svc, two.space.svc, not {Host}", WebhookHandshake.Refusal(certificate, authority, Host, Now));
        (certificate, authority) = Signed();
        Assert.Equal(Failed + "certificate relies on legacy Common Name field, use SANs instead", WebhookHandshake.Refusal(certificate, authority, Host, Now));
    }

    [Theory]
    [InlineData("", Failed + "certificate signed by unknown authority")]
    [InlineData("nothing", "unable to load root certificates: unable to parse bytes as PEM block")]
    public void A_bundle_without_an_authority_trusts_nothing(string bundle, string why) => Assert.Equal(why, WebhookHandshake.Refusal(Signed(Host).Certificate, bundle, Host, Now));

    [Fact]
    public void An_authority_of_the_same_name_is_not_the_same() =>
        Assert.Equal(Failed + "certificate signed by unknown authority", WebhookHandshake.Refusal(Signed(Host).Certificate, Signed(Host).Authority, Host, Now));

    [Fact]
    public void A_pair_of_the_rotator_is_accepted_with_its_own_authority_only()
    {
        var (pair, other) = (WebhookCertificates.New(Host, Now, Now.AddDays(9)), WebhookCertificates.New(Host, Now, Now.AddDays(9)));
        var (certificate, authority, another) = (WebhookCertificates.Field(pair, "tls.crt"), WebhookCertificates.Field(pair, "ca.crt"), WebhookCertificates.Field(other, "ca.crt"));
        Assert.Null(WebhookHandshake.Refusal(certificate, authority, Host, Now));
        Assert.Null(WebhookHandshake.Refusal(certificate, another + authority, Host, Now));
        Assert.Equal(Failed + "certificate signed by unknown authority", WebhookHandshake.Refusal(certificate, another, Host, Now));
        Assert.Equal(Failed + "certificate signed by unknown authority", WebhookHandshake.Refusal(certificate, certificate, Host, Now));
    }

    private static (string Certificate, string Authority) Signed(params string[] names)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=cert", authorityKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = root.CreateSelfSigned(Now.AddDays(-20), Now.AddDays(20));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            names.ToList().ForEach(alternatives.AddDnsName);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var certificate = request.Create(authority, Now.AddDays(-10), Now.AddDays(10), [1, 2, 3]);
        return (certificate.ExportCertificatePem(), authority.ExportCertificatePem());
    }
}
