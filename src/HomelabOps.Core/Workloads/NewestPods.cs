using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>
/// Tells the pods of a workload's present template from those of a former one. Templates are compared, as the controllers do: numbers of
/// revisions come by another watch than the workload, so that of a template that is taken up again may still be the old one.
/// </summary>
internal sealed class NewestPods
{
    private const string TemplateHash = "pod-template-hash";
    private const string RevisionHash = "controller-revision-hash";

    private readonly string _kind;
    private readonly string? _mark;

    private NewestPods(string kind, string? mark) => (_kind, _mark) = (kind, mark);

    /// <summary>The pods of the template that a workload has now.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="revisions">What stands between workloads and their pods: ReplicaSets or ControllerRevisions; null when they may not be read, and then every pod counts.</param>
    public static NewestPods Of(Workload workload, IReadOnlyCollection<RevisionWire>? revisions)
    {
        var kind = workload.Type.Kind;
        if (kind == WorkloadTypes.StatefulSet)
        {
            return new(kind, workload.Wire.Status?.UpdateRevision is { Length: > 0 } revision ? revision : null);
        }

        var own = (revisions ?? []).Where(revision => revision.Metadata.OwnerReferences?.Exists(owner => owner is { Controller: true } && owner.Name == workload.Reference.Name && owner.Kind == kind) == true).ToList();
        if (own.Count == 0)
        {
            return new(kind, null);
        }

        // Where none is of this template yet, no pod is either.
        var wanted = Comparable(workload.Json["spec"]);
        var newest = own.Where(revision => JsonNode.DeepEquals(wanted, Comparable(revision.Spec ?? revision.Data?["spec"]))).MinBy(revision => revision.Metadata.CreationTimestamp);
        return new(kind, (kind == WorkloadTypes.Deployment ? newest?.Metadata.Name : newest?.Metadata.Label(RevisionHash)) ?? "");
    }

    /// <summary>Whether a pod is one of them.</summary>
    /// <param name="pod">A pod that the workload's selector selects.</param>
    public bool Contains(PodWire pod) => _mark is null || (_kind == WorkloadTypes.Deployment
        ? pod.Metadata.OwnerReferences?.Exists(owner => owner is { Controller: true } && owner.Name == _mark) == true

        // A StatefulSet's status names the revision, a ControllerRevision's label only the hash in it.
        : pod.Metadata.Label(RevisionHash) is { } hash && (hash == _mark || _mark.EndsWith("-" + hash, StringComparison.Ordinal)));

    // Without what a ReplicaSet or a revision adds to the template that it was made of.
    private static JsonObject? Comparable(JsonNode? spec)
    {
        var template = spec?["template"]?.DeepClone() as JsonObject;
        template?.Remove("$patch");
        if (template?["metadata"] is JsonObject metadata)
        {
            metadata.Remove("creationTimestamp");
            (metadata["labels"] as JsonObject)?.Remove(TemplateHash);
        }

        return template;
    }
}
