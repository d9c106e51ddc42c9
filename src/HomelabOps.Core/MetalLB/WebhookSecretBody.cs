using System.Text.Json;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.MetalLB;

/// <summary>Writes the webhook's Secret as JSON. What it gives may hold keys, and has to be wiped.</summary>
internal static class WebhookSecretBody
{
    /// <summary>The whole object.</summary>
    /// <param name="plan">What it is called, and its type.</param>
    /// <param name="pair">What it holds; null for nothing.</param>
    public static byte[] New(WebhookCertPlan plan, IssuedPair? pair) => Write(writer =>
    {
        writer.WriteString("apiVersion", MetalLBTypes.Secret.ApiVersion);
        writer.WriteString("kind", MetalLBTypes.Secret.Kind);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", plan.SecretName);
        writer.WriteString("namespace", plan.Facts.Namespace);
        writer.WriteStartObject("labels");
        writer.WriteString("app.kubernetes.io/managed-by", "homelabops");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("type", plan.Type);
        if (pair is not null)
        {
            WriteData(writer, plan, pair);
        }
    });

    /// <summary>A merge patch that puts other values in place of those that are there, and fails when they have changed.</summary>
    public static byte[] Patch(WebhookCertPlan plan, IssuedPair? pair) => Write(writer =>
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", plan.Present!.Version);
        writer.WriteEndObject();
        WriteData(writer, plan, pair);
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new WipedBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return buffer.Take();
    }

    private static void WriteData(Utf8JsonWriter writer, WebhookCertPlan plan, IssuedPair? pair)
    {
        writer.WriteStartObject("data");
        foreach (var (field, value) in new[]
        {
            (WebhookSecret.AuthorityField, pair?.Authority),
            (WebhookSecret.AuthorityKeyField, pair?.AuthorityKey),
            (WebhookSecret.CertificateField, pair?.CertificatePem),
            (WebhookSecret.KeyField, pair?.Key),
        })
        {
            if (value is not null)
            {
                writer.WriteBase64String(field, value);
            }
            else if (plan.Type == WebhookCertPlan.Tls && field is WebhookSecret.CertificateField or WebhookSecret.KeyField)
            {
                // A Secret of this type must have both, but they may be empty.
                writer.WriteString(field, "");
            }
            else
            {
                writer.WriteNull(field);
            }
        }

        writer.WriteEndObject();
    }
}
