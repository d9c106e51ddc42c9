using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>A cluster in which nothing is there to answer for names.</summary>
internal sealed class DnsCheck : IHomelabCheck
{
    private const string Reason = "DnsMissing";
    private const string SystemNamespace = "kube-system";
    private const string ServiceName = "kube-dns";

    /// <summary>What explains that the Service for names leads nowhere.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, ServiceWire service) => IsDns(service) ? [new(Target(snapshot), Reason)] : [];

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        // A cluster may be given its names by something else than a workload, which has endpoints all the same.
        if (snapshot is { Nodes.Count: > 0, Workloads: not null, Endpoints: not null } && !Servers(snapshot).Any(workload => workload.Desired is > 0)
            && !snapshot.Endpoints.Any(endpoints => IsDns(endpoints) && endpoints.Subsets?.Exists(subset => subset.Addresses is { Count: > 0 }) == true))
        {
            yield return Symptom.Of(HomelabArea.Network, FindingSeverity.Error, Reason, Target(snapshot));
        }
    }

    private static ResourceReference Target(HomelabSnapshot snapshot) =>
        Servers(snapshot).FirstOrDefault()?.Reference ?? snapshot.Reference(WorkloadTypes.Deployment, SystemNamespace, "coredns");

    // Every distribution keeps the label of old, and not the name.
    private static IEnumerable<WorkloadFacts> Servers(HomelabSnapshot snapshot) => (snapshot.Workloads ?? []).Where(workload =>
        workload.Reference.Namespace == SystemNamespace && (workload.Wire.Metadata.Label("k8s-app") == ServiceName || workload.Reference.Name.EndsWith("coredns", StringComparison.Ordinal)));

    private static bool IsDns(ObjectWire item) => item.Metadata is { Namespace: SystemNamespace } && (item.Metadata.Name == ServiceName || item.Metadata.Label("k8s-app") == ServiceName);
}
