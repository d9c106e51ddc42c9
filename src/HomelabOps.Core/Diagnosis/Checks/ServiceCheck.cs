using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Ingresses;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Services that lead to no pod that is ready, and Ingresses that lead to no Service.</summary>
internal sealed class ServiceCheck : IHomelabCheck
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot) => [.. Services(snapshot), .. Ingresses(snapshot)];

    private static IEnumerable<Symptom> Services(HomelabSnapshot snapshot)
    {
        if (snapshot.Endpoints is null || snapshot.Workloads is null)
        {
            yield break;
        }

        var ready = snapshot.Endpoints.Where(endpoints => endpoints.Subsets?.Exists(subset => subset.Addresses is { Count: > 0 }) == true).Select(endpoints => (endpoints.Metadata.Namespace, endpoints.Metadata.Name)).ToHashSet();
        var byNamespace = snapshot.Workloads.ToLookup(workload => workload.Reference.Namespace);
        var pods = (snapshot.Pods ?? []).ToLookup(pod => pod.Reference.Namespace);
        foreach (var service in (snapshot.Services ?? []).Where(service => service.Spec is { Selector: { Count: > 0 }, Type: not "ExternalName" } && service.Metadata.Label(MoverNames.CreatedBy) != MoverNames.Creator && !ready.Contains((service.Metadata.Namespace, service.Metadata.Name))))
        {
            var space = service.Metadata.Namespace ?? "";
            var workloads = byNamespace[space].Where(workload => workload.IsSelectedBy(service.Spec!.Selector!)).ToList();
            var selected = pods[space].Where(pod => service.Spec!.Selector!.All(label => pod.Wire.Metadata.Label(label.Key) == label.Value)).ToList();

            // Where nobody asks for pods there need be none, and a new one takes its time.
            if (snapshot.Now - service.Metadata.CreationTimestamp < Window || selected.Exists(pod => IsNew(pod, snapshot.Now))
                || (workloads.Count > 0 && workloads.TrueForAll(workload => workload.Desired is null or 0)))
            {
                continue;
            }

            // What made it may have taken its pods away on purpose, as operators do that hibernate databases.
            if (workloads.Count + selected.Count == 0 && service.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true) == true)
            {
                continue;
            }

            var target = snapshot.Reference("Service", space, service.Metadata.Name);
            var known = workloads.Select(workload => workload.Reference).Concat(selected.Select(pod => pod.Subject)).Distinct().ToList();
            var selector = string.Join(",", service.Spec!.Selector!.Select(label => $"{label.Key}={label.Value}"));
            var symptom = known.Count > 0 ? Symptom.Of(HomelabArea.Network, FindingSeverity.Warning, "ServiceWithoutEndpoint", target, selector, string.Join(", ", known))
                : WithCommit(Symptom.Of(HomelabArea.Network, FindingSeverity.Error, "ServiceWithoutWorkload", target, selector, service.Metadata.Name), selector, snapshot.Deleted.GetValueOrDefault((space, service.Metadata.Name)));
            yield return symptom with
            {
                Causes = [.. known.Select(subject => new Cause(subject)), .. DnsCheck.CausesOf(snapshot, service)],
                Apps = known.Count == 0 ? [(space, service.Metadata.Name)] : [.. known.Select(subject => (space, subject.Name))],
            };
        }
    }

    // It may have waited long for its node, and just have got it.
    private static bool IsNew(PodFacts pod, DateTimeOffset now) => pod.Since("Ready", now) < Window || (pod.Condition("PodScheduled") is { Status: "True" } && pod.Since("PodScheduled", now) < Window);

    // Who deleted it, and what brings it back.
    private static Symptom WithCommit(Symptom symptom, string selector, DeletedManifest? deleted)
    {
        if (deleted is not { App: var app, Version: var version })
        {
            return symptom;
        }

        object?[] words = [symptom.Finding.Target, selector, Display.Commit(version.Commit), version.Subject, version.Author, Display.Moment(version.Time), version.File, app];
        var text = version.Change == ManifestChange.Deleted ? "Diagnosis_WorkloadDeleted" : "Diagnosis_WorkloadUnlisted";
        return symptom with { Finding = symptom.Finding with { Message = Errors.Text(text, words), Remedy = Errors.Text("Diagnosis_WorkloadDeleted_Remedy", words) } };
    }

    private static IEnumerable<Symptom> Ingresses(HomelabSnapshot snapshot)
    {
        if (snapshot.Services is null)
        {
            yield break;
        }

        var services = snapshot.Services.Select(service => (service.Metadata.Namespace, service.Metadata.Name)).ToHashSet();
        foreach (var ingress in snapshot.Ingresses ?? [])
        {
            foreach (var absent in IngressGuard.Services(ingress).Where(name => !services.Contains((ingress.Metadata.Namespace, name))))
            {
                yield return Symptom.Of(HomelabArea.Ingress, FindingSeverity.Error, "IngressBackendMissing", snapshot.Reference("Ingress", ingress.Metadata.Namespace ?? "", ingress.Metadata.Name), absent) with { Part = absent, Apps = [(ingress.Metadata.Namespace ?? "", ingress.Metadata.Name)] };
            }
        }
    }
}
