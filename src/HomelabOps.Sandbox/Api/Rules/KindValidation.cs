using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api.Rules.Limits;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold between the fields of built-in kinds, and which words some of them take.</summary>
internal static class KindValidation
{
    private const int HighestPriority = 1_000_000_000;

    private static readonly Dictionary<string, long> SystemPriorities = new(StringComparer.Ordinal) { ["system-node-critical"] = 2_000_001_000, ["system-cluster-critical"] = 2_000_000_000 };

    // Fields with a fixed set of words.
    private static readonly (string Group, string Kind, string[] Path, string[] Words)[] Words =
    [
        ("", "Service", ["spec", "type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
        ("", "PersistentVolume", ["spec", "persistentVolumeReclaimPolicy"], ["Delete", "Recycle", "Retain"]),
        ("apps", "StatefulSet", ["spec", "podManagementPolicy"], ["OrderedReady", "Parallel"]),
        ("batch", "CronJob", ["spec", "concurrencyPolicy"], ["Allow", "Forbid", "Replace"]),
        ("storage.k8s.io", "StorageClass", ["reclaimPolicy"], ["Delete", "Retain"]),
        ("storage.k8s.io", "StorageClass", ["volumeBindingMode"], ["Immediate", "WaitForFirstConsumer"]),
        ("scheduling.k8s.io", "PriorityClass", ["preemptionPolicy"], ["PreemptLowerPriority", "Never"]),
        ("apiextensions.k8s.io", "CustomResourceDefinition", ["spec", "scope"], ["Cluster", "Namespaced"]),
    ];

    public static void Check(ResourceKind kind, JsonObject node, List<FieldError> errors)
    {
        foreach (var (group, name, path, words) in Words)
        {
            if (kind.Is(group, name) && path.Aggregate<string, JsonNode?>(node, (at, step) => at?[step]) is { } value && !words.Contains((string?)value, StringComparer.Ordinal))
            {
                errors.Add(FieldError.NotSupported(string.Join('.', path), value, words));
            }
        }

        switch (kind.Group, kind.Kind)
        {
            case ("", "Pod"):
                PodValidation.Check(node["spec"] as JsonObject, "spec", errors);
                break;
            case ("", "ResourceQuota" or "LimitRange"):
                LimitValidation.Check(node, errors);
                break;
            case ("apps", "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet"):
                WorkloadValidation.Workload(kind.Kind, node, errors);
                break;
            case ("", "ReplicationController"):
                WorkloadValidation.Replication(node["spec"] as JsonObject ?? [], errors);
                break;
            case ("apps", "ControllerRevision") when Numbers.Whole(node["revision"]) is < 0 and var revision:
                errors.Add(FieldError.Invalid("revision", JsonValue.Create(revision), "must be greater than or equal to 0"));
                break;
            case ("batch", "Job"):
                JobValidation.Check(node, errors);
                break;
            case ("batch", "CronJob"):
                WorkloadValidation.CronJob(node["spec"] as JsonObject, errors);
                break;
            case ("policy", "PodDisruptionBudget"):
                WorkloadValidation.Budget(node["spec"] as JsonObject, errors);
                break;
            case ("networking.k8s.io", "Ingress"):
                IngressValidation.Check(node["spec"] as JsonObject ?? [], errors);
                break;
            case ("networking.k8s.io", "NetworkPolicy"):
                NetworkPolicyValidation.Check(node["spec"] as JsonObject ?? [], errors);
                break;
            case ("autoscaling", "HorizontalPodAutoscaler"):
                AutoscalerValidation.Check(node["spec"] as JsonObject ?? [], errors);
                break;
            case ("", "ConfigMap" or "Secret"):
                DataValidation.Check(kind.Kind, node, errors);
                break;
            case ("", "PersistentVolumeClaim" or "PersistentVolume"):
                VolumeValidation.Check(kind, node["spec"]!.AsObject(), errors);
                break;
            case ("", "Service"):
                ServiceValidation.Check(node["spec"]!.AsObject(), errors);
                break;
            case ("", "Event"):
                Event(node, errors);
                break;
            default:
                CheckShared(kind, node, errors);
                break;
        }
    }

    // Who may do what, and what is for the whole cluster.
    private static void CheckShared(ResourceKind kind, JsonObject node, List<FieldError> errors)
    {
        switch (kind.Group, kind.Kind)
        {
            case ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding"):
                BindingValidation.Check(kind.Kind, node, errors);
                break;
            case ("rbac.authorization.k8s.io", "Role" or "ClusterRole"):
                RoleValidation.Check(kind.Kind, node, errors);
                break;
            case ("storage.k8s.io", "StorageClass"):
                Provisioner(node["provisioner"], errors);
                break;
            case ("scheduling.k8s.io", "PriorityClass"):
                Priority(node, errors);
                break;
            case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration"):
                WebhookValidation.Check(node, errors);
                break;
        }
    }

    private static void Provisioner(JsonNode? provisioner, List<FieldError> errors)
    {
        var name = (string?)provisioner ?? "";
        if (name.Length == 0)
        {
            // One that is absent is missed by the schema.
            errors.AddRange(provisioner is null ? [] : [FieldError.Required("provisioner")]);
        }
        else if (NameRules.CheckQualified(name.ToLowerInvariant()) is { } wrong)
        {
            errors.Add(FieldError.Invalid("provisioner", name, wrong));
        }
    }

    private static void Priority(JsonObject node, List<FieldError> errors)
    {
        var name = (string?)node["metadata"]?["name"] ?? "";
        var value = Numbers.Whole(node["value"]) ?? 0;
        if (name.StartsWith("system-", StringComparison.Ordinal))
        {
            var why = !SystemPriorities.TryGetValue(name, out var known) ? $"{name} is not a known system priority class" : value != known ? $"value of {name} PriorityClass must be {known}" : null;
            errors.AddRange(why is null ? [] : [FieldError.Forbidden("metadata.name", $"priority class names with 'system-' prefix are reserved for system use only. error: {why}")]);
        }
        else if (value > HighestPriority)
        {
            errors.Add(FieldError.Forbidden("value", $"maximum allowed value of a user defined priority is {HighestPriority}"));
        }
    }

    private static void Event(JsonObject node, List<FieldError> errors)
    {
        var about = node["involvedObject"]?["namespace"];
        if (about is not null && (string?)about != (string?)node["metadata"]?["namespace"])
        {
            errors.Add(FieldError.Invalid("involvedObject.namespace", about, "does not match event.namespace"));
        }
    }
}
