using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.MetalLB;

/// <summary>An authority, and a server's certificate that it signed. The keys are wiped with it, and are never text.</summary>
internal sealed class IssuedPair : IDisposable
{
    // What MetalLB's own rotator calls its authority, and looks for.
    private const string AuthorityName = "cert";
    private const string Organisation = "metallb";
    private const int LongestCommonName = 64;
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    private IssuedPair(byte[] authority, byte[] authorityKey, X509Certificate2 certificate, byte[] key) =>
        (Authority, AuthorityKey, Certificate, CertificatePem, Key) = (authority, authorityKey, certificate, Encoding.UTF8.GetBytes(certificate.ExportCertificatePem() + "\n"), key);

    /// <summary>The authority, in PEM.</summary>
    public byte[] Authority { get; }

    /// <summary>Its key, as PKCS#1 in PEM.</summary>
    public byte[] AuthorityKey { get; }

    /// <summary>The server's certificate; it has no key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The same in PEM.</summary>
    public byte[] CertificatePem { get; }

    /// <summary>Its key, as PKCS#1 in PEM.</summary>
    public byte[] Key { get; }

    /// <summary>Makes both. Large keys take seconds.</summary>
    /// <param name="hosts">What clients call the server; the first is its subject.</param>
    /// <param name="keySize">Bits of both keys.</param>
    /// <param name="validDays">Days that both hold.</param>
    /// <param name="now">The time.</param>
    public static async Task<IssuedPair> MakeAsync(IReadOnlyList<string> hosts, int keySize, int validDays, DateTimeOffset now)
    {
        var authorityMade = Task.Run(() => NewKey(keySize));
        using var key = await Task.Run(() => NewKey(keySize));
        using var authorityKey = await authorityMade;
        var (from, until) = (now - Skew, now.AddDays(validDays));
        using var authority = MakeAuthority(authorityKey, from, until);
        return new(Encoding.UTF8.GetBytes(authority.ExportCertificatePem() + "\n"), Pem(authorityKey), Issue(authority, authorityKey, key, hosts, from, until), Pem(key));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(AuthorityKey);
        CryptographicOperations.ZeroMemory(Key);
        Certificate.Dispose();
    }

    // A key is made when it is first used, not when it is asked for.
    private static RSA NewKey(int size)
    {
        var key = RSA.Create(size);
        _ = key.ExportParameters(includePrivateParameters: false);
        return key;
    }

    private static X509Certificate2 MakeAuthority(RSA key, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest($"CN={AuthorityName}, O={Organisation}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(Names([AuthorityName]));
        using var withKey = request.CreateSelfSigned(from, until);
        return X509CertificateLoader.LoadCertificate(withKey.RawDataMemory.Span);
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, RSA authorityKey, RSA key, IReadOnlyList<string> hosts, DateTimeOffset from, DateTimeOffset until)
    {
        // Nobody reads the common name any more, and it may not be as long as a host.
        var subject = hosts[0].Length <= LongestCommonName ? $"CN={hosts[0]}, O={Organisation}" : $"O={Organisation}";
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(hosts));

        // Positive and of full length, as RFC 5280 asks.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForRSA(authorityKey, RSASignaturePadding.Pkcs1), from, until, serial);
    }

    private static X509Extension Names(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            builder.AddDnsName(name);
        }

        return builder.Build();
    }

    private static byte[] Pem(RSA key)
    {
        // Far more than any key in PEM takes: about 1.1 characters for each bit.
        var text = new char[key.KeySize * 2];
        try
        {
            if (!key.TryExportRSAPrivateKeyPem(text, out var length))
            {
                throw new CryptographicException();
            }

            text[length++] = '\n';
            return Encoding.UTF8.GetBytes(text, 0, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
