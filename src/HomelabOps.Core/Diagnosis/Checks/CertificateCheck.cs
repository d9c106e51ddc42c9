using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Nodes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Certificates that end soon, or have ended.</summary>
internal sealed class CertificateCheck : IHomelabCheck
{
    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        foreach (var certificate in (snapshot.Certificates ?? []).Where(certificate => certificate.NotAfter - snapshot.Now < certificate.Window))
        {
            var (left, end) = (certificate.NotAfter - snapshot.Now, Display.Moment(certificate.NotAfter.LocalDateTime));
            var (severity, text) = left > TimeSpan.Zero ? (FindingSeverity.Warning, Errors.Text("Detail_CertificateEnds", end, Display.Duration(left))) : (FindingSeverity.Error, Errors.Text("Detail_CertificateEnded", end));
            yield return Symptom.Of(HomelabArea.Certificate, severity, certificate.Reason, certificate.Target, text).With(certificate.Evidence.Concat(certificate.Users.Select(user => $"{user}"))) with
            {
                // A node with an old certificate is ready, and so explains nothing of what is told of it.
                Key = certificate.Reason == NodeCertificateReader.Reason ? Key(snapshot, certificate.Target.Name) : certificate.Target,
                Causes = certificate.Reason == CertificateReader.OfServer ? [.. Servers(snapshot, certificate).Select(node => new Cause(Key(snapshot, node)))] : [],
                Apps = [.. certificate.Users.Select(user => (user.Namespace, user.Name))],
            };
        }
    }

    private static ResourceReference Key(HomelabSnapshot snapshot, string node) => snapshot.Reference("NodeCertificate", "", node);

    // The server shows one of those that were found on its node.
    private static IEnumerable<string> Servers(HomelabSnapshot snapshot, CertificateFacts shown) => (snapshot.Certificates ?? [])
        .Where(other => other.Reason == NodeCertificateReader.Reason && other.NotAfter <= shown.NotAfter && other.Evidence.Any(path => path.EndsWith(NodeCertificateReader.OfServer, StringComparison.Ordinal)))
        .Select(other => other.Target.Name);
}
