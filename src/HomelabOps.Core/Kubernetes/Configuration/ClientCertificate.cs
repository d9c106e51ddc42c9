using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>A client certificate with its key and the intermediates that go with it.</summary>
/// <param name="Certificate">The certificate with its private key.</param>
/// <param name="Intermediates">What else was in the file: k3s puts its client CA there.</param>
/// <param name="CertificatePem">The certificates as they were read; KubernetesClient wants them in this form.</param>
/// <param name="KeyPem">The key as it was read.</param>
internal sealed record ClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates, string CertificatePem, string KeyPem)
{
    /// <summary>The subject only: a record's own text would hold the key.</summary>
    public override string ToString() => Certificate.Subject;

    /// <summary>
    /// The form in which TLS sends the intermediates too; offline, so that no authority is asked over the network, and
    /// trusting none, so that those of the system need not be read: whether it is trusted is up to the server.
    /// </summary>
    public SslStreamCertificateContext CreateContext() =>
        SslStreamCertificateContext.Create(Certificate, Intermediates, offline: true, SslCertificateTrust.CreateForX509Collection([]));

    /// <summary>Null when the user has none.</summary>
    public static ClientCertificate? Read(KubeConfigNode user, string owner)
    {
        byte[]? certificate = CredentialFile.Resolve(user, owner, "client-certificate");
        byte[]? key = CredentialFile.Resolve(user, owner, "client-key");
        return (certificate, key) switch
        {
            (null, null) => null,
            (not null, null) => throw Errors.CredentialInvalid(owner, "client-key", Errors.Text("Detail_KeyMissing"), user.File),
            (null, not null) => throw Errors.CredentialInvalid(owner, "client-certificate", Errors.Text("Detail_CertificateMissing"), user.File),
            _ => Create(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key), (isKey, detail) => Errors.CredentialInvalid(
                owner, Field(user, isKey ? "client-key" : "client-certificate"), detail, user.File)),
        };
    }

    public static ClientCertificate Create(string certificatePem, string keyPem, Func<bool, string, HomelabException> invalid)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificatePem);
        }
        catch (CryptographicException)
        {
            throw invalid(false, Errors.Text("Detail_Certificate"));
        }

        if (all.Count == 0)
        {
            throw invalid(false, Errors.Text("Detail_Certificate"));
        }

        if (keyPem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || keyPem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw invalid(true, Errors.Text("Detail_KeyEncrypted"));
        }

        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            if (OperatingSystem.IsWindows())
            {
                // SChannel cannot use a key that lives in this process only; a PFX round trip in memory gives it one it can.
                using X509Certificate2 ephemeral = certificate;
                certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), password: null);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw invalid(true, Errors.Text("Detail_Key"));
        }

        all.RemoveAt(0);
        return new ClientCertificate(certificate, all, certificatePem, keyPem);
    }

    private static string Field(KubeConfigNode user, string field) => user.GetText(field + "-data") is null ? field : field + "-data";
}
