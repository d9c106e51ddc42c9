using HomelabOps.Core.Diagnosis.Causes;
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
            yield return Symptom.Of(HomelabArea.Certificate, severity, certificate.Reason, certificate.Target, text).With(certificate.Users.Select(user => $"{user}")) with
            {
                Apps = [.. certificate.Users.Select(user => (user.Namespace, user.Name))],
            };
        }
    }
}
