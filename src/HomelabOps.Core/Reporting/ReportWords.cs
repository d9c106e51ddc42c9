using HomelabOps.Core.Diagnosis.Nodes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Reporting;

/// <summary>Words that reports share.</summary>
internal static class ReportWords
{
    /// <summary>The certificate of MetalLB's webhook, which no check of certificates looks at.</summary>
    public const string OfWebhook = "WebhookCertificateEnds";

    /// <summary>What a certificate is for.</summary>
    public static string Of(CertificateFacts certificate) => certificate.Reason switch
    {
        CertificateReader.OfClient => "of this client",
        CertificateReader.OfServer => "of the API server",
        NodeCertificateReader.Reason => "of a node",
        OfWebhook => "of MetalLB's webhook",
        _ => "of Ingresses",
    };
}
