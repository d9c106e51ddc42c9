using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Claims that are not bound, or not to any use, as Test-PvcBinding explains them.</summary>
internal sealed class ClaimCheck : IHomelabCheck
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Reasons of a claim that waits for its pod: what keeps that from a node is the cause.</summary>
    public static IReadOnlyList<string> OfConsumer { get; } = ["WaitForFirstConsumer", "ConsumerPending", Unschedulable];

    // A claim that nobody uses waits for its first pod, and that is all.
    private static readonly string[] Normal = ["WaitForFirstConsumer", "ConsumerPending"];
    private const string Unschedulable = "ConsumerUnschedulable";
    private static readonly string[] Passing = ["Binding", "Provisioning", "Deleting"];

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        if (snapshot.Storage is not { } storage)
        {
            yield break;
        }

        foreach (var claim in storage.Claims.Where(claim => claim.Status?.Phase != "Bound" || storage.Consumers[(claim.Metadata.Namespace ?? "", claim.Metadata.Name)].Any() || claim.Spec?.VolumeName is not null))
        {
            var status = BindingExplainer.Explain(claim, storage, snapshot.Cluster);
            if (status.Healthy || Normal.Contains(status.Reason) || (Passing.Contains(status.Reason) && snapshot.Now - Began(claim) < Window))
            {
                continue;
            }

            var consumers = storage.Consumers[(status.Namespace, status.Name)].ToList();
            yield return new Symptom(new HomelabFinding
            {
                Cluster = snapshot.Cluster,
                Area = HomelabArea.Volume,
                Severity = FindingSeverity.Error,
                Reason = "Claim" + status.Reason,
                Message = status.Message,
                Remedy = status.Remedy,
                Target = status.Reference,
                Evidence = [.. status.Candidates.Take(3).Select(candidate => $"{candidate.Volume}: {candidate.Message}")],
            })
            {
                // A bound one that cannot be used where its pods run is not itself to blame: its node is, or what places the pods.
                Causes = status.Bound
                    ? [.. Nodes(snapshot).Select(node => new Cause(node, NodeCheck.Unusable)), .. Subjects(snapshot, status).Select(subject => new Cause(subject, "VolumeElsewhere", "NoNodeMatches", "Unschedulable"))]
                    : status.Reason == Unschedulable ? [.. Subjects(snapshot, status).Select(subject => new Cause(subject, "NoNodeMatches", "InsufficientResources", "VolumeElsewhere", "Unschedulable"))] : [],
                IsPassing = status.Bound && Waits(snapshot, status),
                Apps = [.. consumers.Select(consumer => (status.Namespace, consumer.App)).Distinct()],
            };
        }
    }

    // The scheduler has not given up on its pods yet, and what they say then tells more.
    private static bool Waits(HomelabSnapshot snapshot, PvcBindingStatus status) =>
        (snapshot.Pods ?? []).Any(pod => status.Pods.Contains(pod.Reference) && pod.Waits(snapshot.Now) <= PodJudge.ScheduleWindow);

    private static DateTimeOffset? Began(ClaimWire claim) => claim.Metadata.DeletionTimestamp ?? claim.Metadata.CreationTimestamp;

    private static IEnumerable<ResourceReference> Nodes(HomelabSnapshot snapshot) => (snapshot.Nodes ?? []).Select(node => snapshot.Node(node.Metadata.Name));

    private static IEnumerable<ResourceReference> Subjects(HomelabSnapshot snapshot, PvcBindingStatus status) =>
        (snapshot.Pods ?? []).Where(pod => status.Pods.Contains(pod.Reference)).Select(pod => pod.Subject).Distinct();
}
