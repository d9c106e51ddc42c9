using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Fields that the API server does not let anybody change once an object exists.</summary>
internal static class ImmutableFields
{
    private static readonly Dictionary<string, string[]> ByKind = new(StringComparer.Ordinal)
    {
        ["apps/Deployment"] = ["spec.selector"],
        ["apps/DaemonSet"] = ["spec.selector"],
        ["apps/ReplicaSet"] = ["spec.selector"],
        ["apps/StatefulSet"] = ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
        ["batch/Job"] = ["spec.selector", "spec.template"],
        ["storage.k8s.io/StorageClass"] = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
        ["/PersistentVolumeClaim"] = ["spec.storageClassName", "spec.accessModes", "spec.volumeMode", "spec.volumeName", "spec.selector"],
        ["/PersistentVolume"] = ["spec.hostPath", "spec.nfs", "spec.local", "spec.csi", "spec.nodeAffinity"],
        ["/Secret"] = ["type"],
        ["rbac.authorization.k8s.io/RoleBinding"] = ["roleRef"],
        ["rbac.authorization.k8s.io/ClusterRoleBinding"] = ["roleRef"],
    };

    /// <summary>Objects of this kind have such fields.</summary>
    public static bool Has(string group, string kind) => ByKind.ContainsKey($"{group}/{kind}");

    /// <summary>The fields that differ. What was not set before may have been filled in by the server, so setting it is no change for certain.</summary>
    public static IEnumerable<string> Changed(JsonObject before, JsonObject after) =>
        (ByKind.GetValueOrDefault($"{ObjectText.Group(after)}/{ObjectText.Kind(after)}") ?? []).Where(field =>
            ObjectText.Node(before, field.Split('.')) is { } old && ObjectText.Node(after, field.Split('.')) is { } now && !JsonNode.DeepEquals(old, now));
}
