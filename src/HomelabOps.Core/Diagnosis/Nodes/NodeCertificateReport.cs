using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Core.Diagnosis.Nodes;

/// <summary>What <see cref="NodeCertificateScript"/> wrote about a node.</summary>
internal static class NodeCertificateReport
{
    private const int MostFiles = 200;
    private const int LongestCertificate = 16 * 1024;

    /// <summary>The ends of the certificates, with their paths. Authorities are not among them: they last ten years, and a restart does not renew them.</summary>
    /// <param name="lines">The lines of the log.</param>
    public static IReadOnlyList<(string Path, DateTimeOffset NotAfter)> Parse(IEnumerable<LogEntry> lines)
    {
        var (files, text) = (new List<(string Path, DateTimeOffset NotAfter)>(), new StringBuilder());
        string? path = null;
        foreach (var line in lines)
        {
            if (line.Text.StartsWith(NodeCertificateScript.File, StringComparison.Ordinal) || line.Text == NodeCertificateScript.End)
            {
                Add();
                (path, _) = (line.Text == NodeCertificateScript.End ? null : $"{NodeCertificateScript.Folder}/{line.Text[NodeCertificateScript.File.Length..]}", text.Clear());
            }
            else if (path is not null && text.Length < LongestCertificate)
            {
                text.Append(line.Text).Append('\n');
            }
        }

        Add();
        return files;

        void Add()
        {
            if (path is not null && files.Count < MostFiles && End(text.ToString()) is { } end)
            {
                files.Add((path, end));
            }
        }
    }

    // What is no certificate has no end.
    private static DateTimeOffset? End(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(extension => extension.CertificateAuthority) ? null : new(certificate.NotAfter);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
