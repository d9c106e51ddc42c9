using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Fields of built-in kinds that take one of a few words, which the models of these kinds do not tell.</summary>
internal static class WordRules
{
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] AccessModes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
    private static readonly string[] Subjects = ["ServiceAccount", "User", "Group"];
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];
    private static readonly string[] VolumeModes = ["Filesystem", "Block"];
    private static readonly string[] Reclaim = ["Retain", "Delete", "Recycle"];

    private static readonly (string Kind, string Path, string[] Words)[] OfKinds =
    [
        ("/Service", "spec.type", ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
        ("/Service", "spec.sessionAffinity", ["None", "ClientIP"]),
        ("/Service", "spec.externalTrafficPolicy", ["Cluster", "Local"]),
        ("/Service", "spec.ports.*.protocol", Protocols),
        ("/Service", "spec.internalTrafficPolicy", ["Cluster", "Local"]),
        ("/Service", "spec.ipFamilyPolicy", ["SingleStack", "PreferDualStack", "RequireDualStack"]),
        ("/Service", "spec.ipFamilies.*", ["IPv4", "IPv6"]),
        ("/PersistentVolume", "spec.persistentVolumeReclaimPolicy", Reclaim),
        ("/PersistentVolume", "spec.accessModes.*", AccessModes),
        ("/PersistentVolumeClaim", "spec.accessModes.*", AccessModes),
        ("/PersistentVolume", "spec.volumeMode", VolumeModes),
        ("/PersistentVolumeClaim", "spec.volumeMode", VolumeModes),
        ("storage.k8s.io/StorageClass", "reclaimPolicy", Reclaim),
        ("storage.k8s.io/StorageClass", "volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
        ("apps/Deployment", "spec.strategy.type", ["Recreate", "RollingUpdate"]),
        ("apps/StatefulSet", "spec.updateStrategy.type", ["OnDelete", "RollingUpdate"]),
        ("apps/StatefulSet", "spec.podManagementPolicy", ["OrderedReady", "Parallel"]),
        ("apps/DaemonSet", "spec.updateStrategy.type", ["OnDelete", "RollingUpdate"]),
        ("batch/CronJob", "spec.concurrencyPolicy", ["Allow", "Forbid", "Replace"]),
        ("networking.k8s.io/Ingress", "spec.rules.*.http.paths.*.pathType", ["Exact", "Prefix", "ImplementationSpecific"]),
        ("networking.k8s.io/NetworkPolicy", "spec.policyTypes.*", ["Ingress", "Egress"]),
        ("networking.k8s.io/NetworkPolicy", "spec.ingress.*.ports.*.protocol", Protocols),
        ("networking.k8s.io/NetworkPolicy", "spec.egress.*.ports.*.protocol", Protocols),
        ("rbac.authorization.k8s.io/RoleBinding", "roleRef.kind", ["Role", "ClusterRole"]),
        ("rbac.authorization.k8s.io/RoleBinding", "subjects.*.kind", Subjects),
        ("rbac.authorization.k8s.io/ClusterRoleBinding", "roleRef.kind", ["ClusterRole"]),
        ("rbac.authorization.k8s.io/ClusterRoleBinding", "subjects.*.kind", Subjects),
    ];

    private static readonly (string Path, string[] Words)[] OfPods =
    [
        ("restartPolicy", ["Always", "OnFailure", "Never"]),
        ("dnsPolicy", ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
        ("tolerations.*.operator", ["Exists", "Equal", "Lt", "Gt"]),
        ("tolerations.*.effect", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
        ("containers.*.imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
        ("initContainers.*.imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
        ("containers.*.ports.*.protocol", Protocols),
        ("initContainers.*.ports.*.protocol", Protocols),
        ("containers.*.terminationMessagePolicy", ["File", "FallbackToLogsOnError"]),
        ("containers.*.volumeMounts.*.mountPropagation", ["None", "HostToContainer", "Bidirectional"]),
        ("containers.*.livenessProbe.httpGet.scheme", Schemes),
        ("containers.*.readinessProbe.httpGet.scheme", Schemes),
        ("containers.*.startupProbe.httpGet.scheme", Schemes),
        ("topologySpreadConstraints.*.whenUnsatisfiable", ["DoNotSchedule", "ScheduleAnyway"]),
        ("volumes.*.hostPath.type", ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"]),
    ];

    public static IEnumerable<FieldIssue> Check(JsonObject item, PodTemplate? pod)
    {
        var kind = $"{ObjectText.Group(item)}/{ObjectText.Kind(item)}";
        var whole = new Field(item);
        var own = OfKinds.Where(rule => rule.Kind == kind).SelectMany(rule => whole.Find(rule.Path).SelectMany(field => field.Among(rule.Words)));
        return pod is null ? own : own.Concat(OfPods.SelectMany(rule => whole.Find(string.Join('.', [.. pod.Path, rule.Path])).SelectMany(field => field.Among(rule.Words))));
    }
}
