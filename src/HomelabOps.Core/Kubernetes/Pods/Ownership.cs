using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Who an object belongs to: its top controller and its application. The only place that decides it.</summary>
internal static class Ownership
{
    // What kubelets write into what they show of such pods.
    private const string Mirror = "kubernetes.io/config.mirror";

    /// <summary>Whether a kubelet runs a pod from a file of its node. The API server only shows it: deleted, it is there again.</summary>
    public static bool IsStatic(MetadataWire metadata) => metadata.Annotations?.ContainsKey(Mirror) == true;

    /// <summary>
    /// The controller at the top of the owner chain. A ReplicaSet of a Deployment carries the pod template's hash, which
    /// its pods have as a label, so the Deployment's name is known without a request. A Job may belong to a CronJob;
    /// <paramref name="ownerOfJob"/> says so.
    /// </summary>
    public static ResourceReference? Top(MetadataWire metadata, string cluster, Func<string, string, ResourceReference?>? ownerOfJob = null)
    {
        if (metadata.OwnerReferences?.Find(owner => owner.Controller == true) is not { } owner)
        {
            return null;
        }

        var @namespace = metadata.Namespace ?? "";
        if (owner.Kind == "ReplicaSet" && metadata.Label("pod-template-hash") is { Length: > 0 } hash
            && owner.Name.EndsWith("-" + hash, StringComparison.Ordinal))
        {
            return new ResourceReference(cluster, "Deployment", @namespace, owner.Name[..^(hash.Length + 1)]);
        }

        if (owner.Kind == "Job" && ownerOfJob?.Invoke(@namespace, owner.Name) is { } cronJob)
        {
            return cronJob;
        }

        return new ResourceReference(cluster, owner.Kind, owner.Kind == "Node" ? "" : @namespace, owner.Name);
    }

    /// <summary>
    /// The application: the name of the top workload controller, else the label app.kubernetes.io/instance, then name,
    /// then app; empty when nothing says.
    /// </summary>
    public static string App(ResourceReference? top, MetadataWire metadata) => top is { Kind: not "Node" }
        ? top.Name
        : metadata.Label("app.kubernetes.io/instance") ?? metadata.Label("app.kubernetes.io/name") ?? metadata.Label("app") ?? "";

    /// <summary>Whether a pod belongs to one of some controllers; each pod does where there are none.</summary>
    public static bool IsOf(IReadOnlyList<ResourcePattern> workloads, string @namespace, string app) =>
        workloads.Count == 0 || workloads.Any(workload => workload.Name == app && workload.Namespace == @namespace);
}
