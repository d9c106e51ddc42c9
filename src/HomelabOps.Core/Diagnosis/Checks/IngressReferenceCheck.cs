using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Ingresses;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>What Ingresses name and is not there: their class, middlewares, Secrets for TLS, ports of Services.</summary>
internal sealed class IngressReferenceCheck : IHomelabCheck
{
    private const int MostNames = 5;

    // Who makes a certificate takes its time.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        foreach (var missing in Classes(snapshot))
        {
            yield return missing;
        }

        var guard = new IngressGuard(snapshot);
        if (WithoutKind(snapshot, guard) is { } kind)
        {
            yield return kind;
        }

        var services = (snapshot.Services ?? []).ToDictionary(service => (service.Metadata.Namespace, service.Metadata.Name));
        foreach (var ingress in snapshot.Ingresses ?? [])
        {
            foreach (var absent in guard.KnowsAll ? guard.Absent(ingress).Distinct() : [])
            {
                yield return Of(snapshot, ingress, FindingSeverity.Error, "MiddlewareMissing", absent);
            }

            foreach (var secret in Secrets(snapshot, ingress))
            {
                yield return Of(snapshot, ingress, FindingSeverity.Warning, "IngressTlsSecretMissing", secret);
            }

            foreach (var backend in Backends(ingress).Where(backend => services.GetValueOrDefault((ingress.Metadata.Namespace, backend.Name ?? "")) is { } service && !Has(service, backend.Port)))
            {
                yield return Of(snapshot, ingress, FindingSeverity.Error, "IngressPortMissing", $"{backend.Port!.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? backend.Port.Name}", backend.Name);
            }
        }
    }

    // All that name the same one have the same fault. The annotation from before there were classes needs none.
    private static IEnumerable<Symptom> Classes(HomelabSnapshot snapshot) => snapshot.IngressClasses is not { } known ? []
        : from ingress in snapshot.Ingresses ?? []
          let name = ingress.Spec?.IngressClassName
          where name is { Length: > 0 } && !known.Contains(name)
          group ingress by name into users
          let all = users.Select(user => snapshot.Reference("Ingress", user.Metadata.Namespace ?? "", user.Metadata.Name)).ToList()
          select Symptom.Of(HomelabArea.Ingress, FindingSeverity.Error, "IngressClassMissing", snapshot.Reference("IngressClass", "", users.Key), users.Key, all.Count, string.Join(", ", all.Take(MostNames)), known.Count == 0 ? "-" : string.Join(", ", known.Order(StringComparer.Ordinal))) with
          {
              Apps = [.. users.SelectMany(AppsOf).Distinct()],
              Members = all,
          };

    // Where the server has no such kind, no Ingress has its middlewares, whatever they are called.
    private static Symptom? WithoutKind(HomelabSnapshot snapshot, IngressGuard guard)
    {
        var users = snapshot.MiddlewareGroups is { Count: 0 } ? (snapshot.Ingresses ?? []).Where(ingress => guard.Absent(ingress).Any()).ToList() : [];
        var all = users.ConvertAll(user => snapshot.Reference("Ingress", user.Metadata.Namespace ?? "", user.Metadata.Name));
        return all.Count == 0 ? null : Symptom.Of(HomelabArea.Ingress, FindingSeverity.Error, "MiddlewareKindMissing", snapshot.Reference("CustomResourceDefinition", "", "middlewares." + IngressGuard.Group), all.Count, string.Join(", ", all.Take(MostNames))) with
        {
            Apps = [.. users.SelectMany(AppsOf).Distinct()],
            Members = all,
        };
    }

    private static IEnumerable<(string Namespace, string Name)> AppsOf(IngressWire ingress) =>
        IngressGuard.Services(ingress).Append(ingress.Metadata.Name).Distinct().Select(name => (ingress.Metadata.Namespace ?? "", name));

    private static IEnumerable<string> Secrets(HomelabSnapshot snapshot, IngressWire ingress) => snapshot.Secrets is not { } known || snapshot.Now - ingress.Metadata.CreationTimestamp < Window ? []
        : (ingress.Spec?.Tls ?? []).Select(tls => tls.SecretName).OfType<string>().Where(name => name.Length > 0 && !known.Contains((ingress.Metadata.Namespace ?? "", name))).Distinct();

    private static IEnumerable<IngressServiceWire> Backends(IngressWire ingress) => (ingress.Spec?.Rules ?? []).SelectMany(rule => rule.Http?.Paths ?? [])
        .Select(path => path.Backend).Append(ingress.Spec?.DefaultBackend).Select(backend => backend?.Service).OfType<IngressServiceWire>().DistinctBy(service => (service.Name, service.Port?.Number, service.Port?.Name));

    private static bool Has(ServiceWire service, IngressPortWire? port) => port is null || service.Spec is not { Type: not "ExternalName", Ports: { Count: > 0 } ports }
        || ports.Exists(item => port.Number is { } number ? item.Port == number : item.Name == port.Name);

    private static Symptom Of(HomelabSnapshot snapshot, IngressWire ingress, FindingSeverity severity, string reason, params ReadOnlySpan<object?> words)
    {
        var target = snapshot.Reference("Ingress", ingress.Metadata.Namespace ?? "", ingress.Metadata.Name);
        return Symptom.Of(HomelabArea.Ingress, severity, reason, target, words) with
        {
            Part = string.Join(' ', words.ToArray()),
            Apps = [.. AppsOf(ingress)],
        };
    }
}
