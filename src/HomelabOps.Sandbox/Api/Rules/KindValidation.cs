using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold between the fields of built-in kinds, and which words some of them take.</summary>
internal static class KindValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];

    // Fields with a fixed set of words.
    private static readonly (string Group, string Kind, string[] Path, string[] Words)[] Words =
    [
        ("", "Service", ["spec", "type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
        ("", "PersistentVolume", ["spec", "persistentVolumeReclaimPolicy"], ["Delete", "Recycle", "Retain"]),
        ("apps", "Deployment", ["spec", "strategy", "type"], ["Recreate", "RollingUpdate"]),
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
                PodSpec(node["spec"] as JsonObject, "spec", errors);
                break;
            case ("apps", "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet"):
                Workload(node, errors);
                break;
            case ("batch", "Job"):
                PodSpec(node["spec"]?["template"]?["spec"] as JsonObject, "spec.template.spec", errors);
                break;
            case ("", "ConfigMap" or "Secret"):
                DataKeys(kind.Kind, node, errors);
                break;
            case ("", "PersistentVolumeClaim"):
                Storage(node, "spec.resources[storage]", node["spec"]?["resources"]?["requests"]?["storage"], errors);
                break;
            case ("", "PersistentVolume"):
                Storage(node, "spec.capacity", node["spec"]?["capacity"]?["storage"], errors);
                break;
            case ("", "Service") when NeedsPorts(node["spec"]!.AsObject()):
                errors.Add(FieldError.Required("spec.ports"));
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

        PodSpec(spec?["template"]?["spec"] as JsonObject, "spec.template.spec", errors);
        if (spec?["template"]?["spec"]?["restartPolicy"] is { } policy && (string?)policy is "OnFailure" or "Never")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
        }
    }

    private static void PodSpec(JsonObject? spec, string path, List<FieldError> errors)
    {
        if (spec is null)
        {
            return;
        }

        if (spec["restartPolicy"] is { } policy && !RestartPolicies.Contains((string?)policy, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.restartPolicy", policy, RestartPolicies));
        }

        var volumes = (spec["volumes"] as JsonArray ?? []).Select(volume => (string?)volume?["name"]).ToHashSet(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (spec["containers"] is JsonArray { Count: 0 })
        {
            errors.Add(FieldError.Required($"{path}.containers"));
        }

        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            var containers = spec[list] as JsonArray ?? [];
            for (var index = 0; index < containers.Count; index++)
            {
                Container(containers[index]!.AsObject(), $"{path}.{list}[{index.ToString(CultureInfo.InvariantCulture)}]", volumes, names, errors);
            }
        }
    }

    private static void Container(JsonObject container, string path, HashSet<string?> volumes, HashSet<string> names, List<FieldError> errors)
    {
        var name = (string?)container["name"] ?? "";
        if (name.Length > 0 && NameRules.CheckLabel(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{path}.name", name, wrong));
        }

        if (!names.Add(name) && name.Length > 0)
        {
            errors.Add(FieldError.Duplicate($"{path}.name", name));
        }

        if (string.IsNullOrEmpty((string?)container["image"]))
        {
            errors.Add(FieldError.Required($"{path}.image"));
        }

        var mounts = container["volumeMounts"] as JsonArray ?? [];
        for (var index = 0; index < mounts.Count; index++)
        {
            if (mounts[index]?["name"] is { } volume && !volumes.Contains((string?)volume))
            {
                errors.Add(FieldError.NotFound($"{path}.volumeMounts[{index.ToString(CultureInfo.InvariantCulture)}].name", volume));
            }
        }

        foreach (var list in (ReadOnlySpan<string>)["limits", "requests"])
        {
            foreach (var (resource, amount) in container["resources"]?[list] as JsonObject ?? [])
            {
                if (!IsQuantity(amount))
                {
                    throw ApiErrors.BadRequest("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                }

                if (list == "requests" && container["resources"]?["limits"]?[resource] is { } limit && IsQuantity(limit) && Parse(amount!) > Parse(limit))
                {
                    errors.Add(FieldError.Invalid($"{path}.resources.requests", amount, $"must be less than or equal to {resource} limit of {limit}"));
                }
            }
        }
    }

    private static void DataKeys(string kind, JsonObject node, List<FieldError> errors)
    {
        foreach (var part in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            foreach (var (key, value) in node[part] as JsonObject ?? [])
            {
                if (key.Length == 0 || !key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
                {
                    errors.Add(FieldError.Invalid($"{part}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
                }

                if ((kind == "Secret" || part == "binaryData") && value is not null && !System.Buffers.Text.Base64.IsValid((string?)value ?? ""))
                {
                    throw ApiErrors.BadRequest($"{kind} in version \"v1\" cannot be handled as a {kind}: illegal base64 data at input byte 0");
                }
            }
        }
    }

    private static void Storage(JsonObject node, string path, JsonNode? amount, List<FieldError> errors)
    {
        if (amount is null)
        {
            errors.Add(FieldError.Required(path));
        }

        if (node["spec"]?["accessModes"] is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required("spec.accessModes", "at least 1 access mode is required"));
        }
    }

    private static bool NeedsPorts(JsonObject spec) => (string?)spec["type"] != "ExternalName" && (string?)spec["clusterIP"] != "None" && spec["ports"] is not JsonArray { Count: > 0 };

    private static bool IsQuantity(JsonNode? amount) => amount?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && Quantity.Parse(amount.ToString()) is not null;

    private static double Parse(JsonNode amount) => Quantity.Parse(amount.ToString()) ?? 0;
}
