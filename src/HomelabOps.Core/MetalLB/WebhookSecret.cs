using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.MetalLB;

/// <summary>What is known of the webhook's Secret. Of its keys only how they are written is kept.</summary>
internal sealed record WebhookSecret
{
    public const string AuthorityField = "ca.crt";
    public const string AuthorityKeyField = "ca.key";
    public const string CertificateField = "tls.crt";
    public const string KeyField = "tls.key";

    private const string CertificateName = "cert-manager.io/certificate-name";
    private const string Ignored = "kustomize.toolkit.fluxcd.io/reconcile";

    /// <summary>The fields that the webhook and its rotator use.</summary>
    public static IReadOnlyList<string> Fields { get; } = [AuthorityField, AuthorityKeyField, CertificateField, KeyField];

    public required string Name { get; init; }

    public string Type { get; init; } = "Opaque";

    public string Uid { get; init; } = "";

    public string Version { get; init; } = "";

    public bool IsImmutable { get; init; }

    /// <summary>It has no value at all.</summary>
    public bool IsEmpty { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The Certificate of cert-manager that it is issued for; null for none.</summary>
    public string? Issued => Annotations.GetValueOrDefault(CertificateName);

    /// <summary>Flux is told to leave it alone.</summary>
    public bool IsLeftAlone => Annotations.GetValueOrDefault(Ignored) == "disabled" || Labels.GetValueOrDefault(Ignored) == "disabled";

    /// <summary>The fields of <see cref="Fields"/> that are missing or empty.</summary>
    public IReadOnlyList<string> Missing { get; init; } = Fields;

    /// <summary>The authority; null when there is none that can be read.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>What the server shows, its own certificate first.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; init; } = [];

    /// <summary>The server's own certificate; null when there is none that can be read.</summary>
    public X509Certificate2? Certificate => Chain.Count > 0 ? Chain[0] : null;

    public KeyForm AuthorityKey { get; init; }

    public KeyForm Key { get; init; }

    /// <summary>Certificate and key belong together; true where that cannot be told.</summary>
    public bool IsKeyOfCertificate { get; init; } = true;

    /// <summary>Reads a Secret, and wipes its values.</summary>
    public static WebhookSecret Of(SecretWire wire)
    {
        var data = wire.Data ?? [];
        try
        {
            var chain = Certificates(data.GetValueOrDefault(CertificateField));
            var (key, publicKey) = PemKey.Look(data.GetValueOrDefault(KeyField));
            return new()
            {
                Name = wire.Metadata.Name,
                Type = wire.Type ?? "Opaque",
                Uid = wire.Metadata.Uid ?? "",
                Version = wire.Metadata.ResourceVersion ?? "",
                IsImmutable = wire.Immutable == true,
                IsEmpty = data.Values.All(value => value is null or { Length: 0 }),
                Labels = wire.Metadata.Labels ?? [],
                Annotations = wire.Metadata.Annotations ?? [],
                Missing = [.. Fields.Where(field => data.GetValueOrDefault(field) is null or { Length: 0 })],
                Authority = Certificates(data.GetValueOrDefault(AuthorityField)) is [var authority, ..] ? authority : null,
                Chain = chain,
                AuthorityKey = PemKey.Look(data.GetValueOrDefault(AuthorityKeyField)).Form,
                Key = key,
                IsKeyOfCertificate = publicKey is null || chain.Count == 0 || publicKey.AsSpan().SequenceEqual(chain[0].PublicKey.ExportSubjectPublicKeyInfo()),
            };
        }
        finally
        {
            foreach (var value in data.Values)
            {
                CryptographicOperations.ZeroMemory(value);
            }
        }
    }

    /// <summary>All certificates of a PEM text; none when it cannot be read.</summary>
    public static IReadOnlyList<X509Certificate2> Certificates(byte[]? pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(System.Text.Encoding.UTF8.GetString(pem ?? []));
        }
        catch (CryptographicException)
        {
            return [];
        }

        return [.. found];
    }
}
