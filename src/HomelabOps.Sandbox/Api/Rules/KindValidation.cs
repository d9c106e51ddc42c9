using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold between the fields of built-in kinds, and which words some of them take.</summary>
internal static class KindValidation
{
    // Fields with a fixed set of words.
    private static readonly (string Group, string Kind, string[] Path, string[] Words)[] Words =
    [
        ("", "Service", ["spec", "type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
        ("", "PersistentVolume", ["spec", "persistentVolumeReclaimPolicy"], ["Delete", "Recycle", "Retain"]),
        ("apps", "StatefulSet", ["spec", "podManagementPolicy"], ["OrderedReady", "Parallel"]),
        ("batch", "CronJob", ["spec", "concurrencyPolicy"], ["Allow", "Forbid", "Replace"]),
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
            case ("apps", "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet"):
                Workload(node, errors);
                break;
            case ("batch", "Job"):
                Job(node, errors);
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
        }
    }

    private static void Workload(JsonObject node, List<FieldError> errors)
    {
        var spec = node["spec"] as JsonObject;
        if (spec?["replicas"] is { } replicas && Numbers.Whole(replicas) < 0)
        {
            errors.Add(FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
        }

        if (spec?["selector"]?["matchLabels"] is JsonObject wanted && spec["template"] is JsonObject template)
        {
            var labels = template["metadata"]?["labels"] as JsonObject ?? [];
            if (wanted.Any(label => (string?)labels[label.Key] != (string?)label.Value))
            {
                errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels.DeepClone(), "`selector` does not match template `labels`"));
            }
        }

        if (spec?["strategy"]?["type"] is { } type && (string?)type is not ("Recreate" or "RollingUpdate"))
        {
            // The real server names the whole strategy.
            errors.Add(new("spec.strategy", "FieldValueNotSupported", $"Unsupported value: apps.DeploymentStrategy{{Type:\"{type}\", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}}: supported values: \"Recreate\", \"RollingUpdate\""));
        }

        if ((string?)spec?["strategy"]?["type"] == "Recreate" && spec["strategy"]?["rollingUpdate"] is not null)
        {
            errors.Add(FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        }

        PodValidation.Check(spec?["template"]?["spec"] as JsonObject, "spec.template.spec", errors);
        if (spec?["template"]?["spec"]?["restartPolicy"] is { } policy && (string?)policy is "OnFailure" or "Never")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
        }
    }

    private static void Job(JsonObject node, List<FieldError> errors)
    {
        var pod = node["spec"]?["template"]?["spec"] as JsonObject;
        PodValidation.Check(pod, "spec.template.spec", errors);
        if ((string?)pod?["restartPolicy"] is "Always")
        {
            errors.Add(FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
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
