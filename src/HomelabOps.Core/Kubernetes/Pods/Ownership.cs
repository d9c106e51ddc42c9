using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Who an object belongs to: its top controller and its application. The only place that decides it.</summary>
internal static class Ownership
{
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
}
