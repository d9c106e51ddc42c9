using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Controllers of Ingresses and of replications that are scaled to 0 while there is something that only they work on.</summary>
internal sealed class ControllerCheck : IHomelabCheck
{
    private const string VolSync = "volsync";
    private const string VolSyncReason = "VolSyncControllerMissing";
    private const string NameLabel = "app.kubernetes.io/name";
    private const string ClassAnnotation = "kubernetes.io/ingress.class";

    // What k3s brings serves Ingresses that name no class.
    private const string UsualClass = "traefik";

    /// <summary>What explains that a replication does not get on.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot) => OfVolSync(snapshot).Select(workload => new Cause(workload.Reference, VolSyncReason));

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var classes = (snapshot.Ingresses ?? []).GroupBy(ingress => ingress.Spec?.IngressClassName ?? ingress.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? UsualClass, StringComparer.Ordinal);
        foreach (var group in classes)
        {
            if (Stopped(Controllers(snapshot).Where(workload => Names(workload).Intersect(NamesOf(group.Key)).Any())) is { } stopped)
            {
                yield return Of(HomelabArea.Ingress, "IngressControllerMissing", stopped, group.Key, group.Count());
            }
        }

        if (snapshot.Replications is { Count: > 0 } replications && Stopped(OfVolSync(snapshot)) is { } volSync)
        {
            yield return Of(HomelabArea.Replication, VolSyncReason, volSync, replications.Count);
        }
    }

    private static Symptom Of(HomelabArea area, string reason, WorkloadFacts stopped, params ReadOnlySpan<object?> words) =>
        Symptom.Of(area, FindingSeverity.Error, reason, stopped.Reference, [stopped.Reference.Namespace, $"{stopped.Reference.Kind.ToLowerInvariant()}/{stopped.Reference.Name}", .. words]) with { Apps = [(stopped.Reference.Namespace, stopped.Reference.Name)] };

    // Where another one runs, the first is not missed; and a DaemonSet is scaled by nobody.
    private static WorkloadFacts? Stopped(IEnumerable<WorkloadFacts> workloads) => workloads.ToList() is { Count: > 0 } known && known.TrueForAll(workload => workload is { Desired: 0, Reference.Kind: WorkloadTypes.Deployment }) ? known[0] : null;

    private static IEnumerable<WorkloadFacts> OfVolSync(HomelabSnapshot snapshot) =>
        Controllers(snapshot).Where(workload => workload.Wire.Metadata.Label(MoverNames.CreatedBy) != MoverNames.Creator && Names(workload).Contains(VolSync));

    private static IEnumerable<WorkloadFacts> Controllers(HomelabSnapshot snapshot) => (snapshot.Workloads ?? []).Where(workload => workload.Reference.Kind is WorkloadTypes.Deployment or WorkloadTypes.DaemonSet);

    private static IEnumerable<string?> Names(WorkloadFacts workload) => [workload.Reference.Name, workload.Wire.Metadata.Label(NameLabel)];

    // Of the class nginx it is ingress-nginx, of traefik itself. What only has the class in its name may be anything, such as k3s' svclb-traefik.
    private static string[] NamesOf(string name) => [name, $"ingress-{name}", $"ingress-{name}-controller", $"{name}-ingress", $"{name}-ingress-controller"];
}
