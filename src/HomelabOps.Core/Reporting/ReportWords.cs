using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Reporting;

/// <summary>Words that reports share.</summary>
internal static class ReportWords
{
    /// <summary>What a certificate is for.</summary>
    public static string Of(CertificateFacts certificate) => certificate.Reason switch
    {
        CertificateReader.OfClient => "of this client",
        CertificateReader.OfServer => "of the API server",
        _ => "of Ingresses",
    };
}
