using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Ingresses;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Ingresses without TLS, and those before which nobody asks who comes.</summary>
internal sealed class IngressCheck : IHomelabCheck
{
    // Made by cert-manager for a minute; the authority asks it without TLS.
    private const string ChallengeLabel = "acme.cert-manager.io/http01-solver";

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var guard = new IngressGuard(snapshot);
        foreach (var ingress in (snapshot.Ingresses ?? []).Where(ingress => ingress.Metadata.Label(ChallengeLabel) is null && !guard.IsRedirect(ingress)))
        {
            if (!IngressGuard.IsEncrypted(ingress))
            {
                yield return Of(snapshot, ingress, HomelabArea.Ingress, FindingSeverity.Warning, "IngressWithoutTls");
            }

            if (!guard.IsGuarded(ingress) && !guard.IsLogin(ingress))
            {
                yield return Of(snapshot, ingress, HomelabArea.Security, FindingSeverity.Info, "IngressWithoutLogin");
            }
        }
    }

    private static Symptom Of(HomelabSnapshot snapshot, IngressWire ingress, HomelabArea area, FindingSeverity severity, string reason)
    {
        var space = ingress.Metadata.Namespace ?? "";
        var hosts = (ingress.Spec?.Rules ?? []).Select(rule => string.IsNullOrEmpty(rule.Host) ? "*" : rule.Host).DefaultIfEmpty("*").Distinct();
        return Symptom.Of(area, severity, reason, snapshot.Reference("Ingress", space, ingress.Metadata.Name), string.Join(", ", hosts)) with
        {
            Apps = [.. IngressGuard.Services(ingress).Append(ingress.Metadata.Name).Distinct().Select(name => (space, name))],
        };
    }
}
