using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Fields of built-in kinds that take one of a few words, which the models of these kinds do not tell.</summary>
internal sealed class WordCheck : IManifestCheck
{
    private const string Each = "*";

    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] AccessModes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
    private static readonly string[] Reclaim = ["Retain", "Delete", "Recycle"];

    private static readonly (string Kind, string Path, string[] Words)[] OfKinds =
    [
        ("/Service", "spec.type", ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
        ("/Service", "spec.sessionAffinity", ["None", "ClientIP"]),
        ("/Service", "spec.externalTrafficPolicy", ["Cluster", "Local"]),
        ("/Service", "spec.ports.*.protocol", Protocols),
        ("/PersistentVolume", "spec.persistentVolumeReclaimPolicy", Reclaim),
        ("/PersistentVolume", "spec.accessModes.*", AccessModes),
        ("/PersistentVolumeClaim", "spec.accessModes.*", AccessModes),
        ("storage.k8s.io/StorageClass", "reclaimPolicy", Reclaim),
        ("storage.k8s.io/StorageClass", "volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
        ("apps/Deployment", "spec.strategy.type", ["Recreate", "RollingUpdate"]),
        ("apps/StatefulSet", "spec.updateStrategy.type", ["OnDelete", "RollingUpdate"]),
        ("apps/StatefulSet", "spec.podManagementPolicy", ["OrderedReady", "Parallel"]),
        ("apps/DaemonSet", "spec.updateStrategy.type", ["OnDelete", "RollingUpdate"]),
        ("batch/CronJob", "spec.concurrencyPolicy", ["Allow", "Forbid", "Replace"]),
        ("networking.k8s.io/Ingress", "spec.rules.*.http.paths.*.pathType", ["Exact", "Prefix", "ImplementationSpecific"]),
        ("networking.k8s.io/NetworkPolicy", "spec.policyTypes.*", ["Ingress", "Egress"]),
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
        ("volumes.*.hostPath.type", ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"]),
    ];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        from rule in Rules(entry.Item.Content)
        from leaf in Leaves(entry.Item.Content, rule.Path, [])
        where !ObjectText.IsUnknown(leaf.Text) && Array.IndexOf(rule.Words, leaf.Text) < 0
        select Make(snapshot, entry.Item, leaf.Path, $"'{leaf.Text}' is not one of {string.Join(", ", rule.Words.Where(word => word.Length > 0))}");

    private static IEnumerable<(string[] Path, string[] Words)> Rules(JsonObject item)
    {
        var kind = $"{ObjectText.Group(item)}/{ObjectText.Kind(item)}";
        var own = OfKinds.Where(rule => rule.Kind == kind).Select(rule => (rule.Path.Split('.'), rule.Words));
        return PodTemplate.Of(item) is { } pod ? own.Concat(OfPods.Select(rule => ((string[])[.. pod.Path, .. rule.Path.Split('.')], rule.Words))) : own;
    }

    private static IEnumerable<(string[] Path, string Text)> Leaves(JsonNode? node, ReadOnlyMemory<string> rest, string[] path)
    {
        if (rest.Length == 0)
        {
            return Scalars.Text(node) is { } text ? [(path, text)] : [];
        }

        var step = rest.Span[0];
        return step == Each
            ? (node as JsonArray ?? []).SelectMany((item, index) => Leaves(item, rest[1..], [.. path, index.ToString(CultureInfo.InvariantCulture)]))
            : Leaves((node as JsonObject)?[step], rest[1..], [.. path, step]);
    }

    private static HomelabFinding Make(ManifestSnapshot snapshot, BuiltObject item, string[] path, string detail) => Finding.Make(
        FindingSeverity.Error, "FieldInvalid", snapshot.Place(item, path), ObjectText.Reference(item.Content), ObjectText.Kind(item.Content), string.Join('.', path), detail);
}
