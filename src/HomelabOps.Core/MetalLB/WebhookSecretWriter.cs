using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.MetalLB;

/// <summary>Carries out what was planned for the webhook's Secret.</summary>
/// <param name="client">The cluster.</param>
/// <param name="journal">Where the changes are written down, without what is secret.</param>
internal sealed class WebhookSecretWriter(ClusterClient client, ChangeJournal journal)
{
    private static readonly WriteOptions Options = new();

    /// <summary>Reads a Secret; null when it is not there.</summary>
    public static async Task<WebhookSecret?> FindAsync(ClusterClient client, string space, string name, CancellationToken cancellationToken) =>
        await client.FindAsync(MetalLBTypes.Secret, space, name, MetalLBWireContext.Default.SecretWire, cancellationToken) is { } wire ? WebhookSecret.Of(wire) : null;

    /// <summary>Makes or changes the Secret, and gives the authority of what is in it, in PEM; empty for none.</summary>
    /// <exception cref="HomelabException">ResourceExists, ResourceConflict, AccessDenied, JournalUnwritable.</exception>
    public async Task<byte[]> ApplyAsync(WebhookCertPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Action == WebhookCertAction.Keep)
        {
            // What signed itself is its own authority.
            return (plan.Present?.Authority ?? (plan.Present?.Chain is [.., var last] ? last : null)) is { } present ? Encoding.UTF8.GetBytes(present.ExportCertificatePem() + "\n") : [];
        }

        using var pair = plan.WantsCertificate ? await IssuedPair.MakeAsync(plan.Hosts, plan.Options.KeySize, plan.Options.ValidDays, DateTimeOffset.UtcNow) : null;
        cancellationToken.ThrowIfCancellationRequested();
        await WriteAsync(plan, pair, cancellationToken);
        return pair?.Authority ?? [];
    }

    /// <summary>The record of a Secret.</summary>
    public static MetalLBWebhookCert Map(WebhookCertPlan plan, WebhookSecret secret) => new()
    {
        Cluster = plan.Facts.Cluster,
        Kind = MetalLBTypes.Secret.Kind,
        Namespace = plan.Facts.Namespace,
        Name = secret.Name,
        SecretName = secret.Name,
        IsEmpty = secret.IsEmpty,
        Type = secret.Type,
        Subject = secret.Certificate?.Subject ?? "",
        Sans = secret.Certificate is { } certificate ? ServerVerifier.Names(certificate) : [],
        Thumbprint = secret.Certificate?.Thumbprint ?? "",
        NotBefore = secret.Certificate?.NotBefore,
        NotAfter = secret.Certificate?.NotAfter,
        KeyAlgorithm = secret.Certificate?.PublicKey.Oid.FriendlyName ?? "",
        KeySize = secret.Certificate is { } own ? Size(own) : null,
    };

    private static int? Size(X509Certificate2 certificate)
    {
        using var rsa = certificate.PublicKey.GetRSAPublicKey();
        using var curve = certificate.PublicKey.GetECDsaPublicKey();
        return rsa?.KeySize ?? curve?.KeySize;
    }

    private async Task WriteAsync(WebhookCertPlan plan, IssuedPair? pair, CancellationToken cancellationToken)
    {
        if (plan.Action == WebhookCertAction.Recreate)
        {
            await RunAsync(plan, "Delete the Secret, because its type or its values cannot be changed", () => client.DeleteAsync(MetalLBTypes.Secret, plan.Facts.Namespace, plan.SecretName, new DeleteRequest { Uid = plan.Present!.Uid }, cancellationToken));
        }

        var isNew = plan.Action != WebhookCertAction.Replace;
        var body = isNew ? WebhookSecretBody.New(plan, pair) : WebhookSecretBody.Patch(plan, pair);
        try
        {
            await RunAsync(plan, pair is null ? "Make the Secret empty" : $"Put the certificate {pair.Certificate.Thumbprint} into the Secret", () => isNew
                ? client.CreateSecretlyAsync(MetalLBTypes.Secret, plan.Facts.Namespace, plan.SecretName, body, Options, cancellationToken)
                : client.MergeSecretlyAsync(MetalLBTypes.Secret, plan.Facts.Namespace, plan.SecretName, body, Options, cancellationToken));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private Task<JsonObject> RunAsync(WebhookCertPlan plan, string change, Func<Task<JsonObject>> act) => journal.RunAsync(
        new JournalEntry { Cluster = client.Name, Kind = MetalLBTypes.Secret.Kind, Namespace = plan.Facts.Namespace, Name = plan.SecretName, Change = change, Undo = JournalUndo.None("Secrets are not kept") }, act);
}
