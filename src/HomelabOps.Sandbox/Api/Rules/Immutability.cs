using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Fields that must stay as they were created.</summary>
internal static class Immutability
{
    private const string Why = "field is immutable";

    // Kind and the paths that never change.
    private static readonly Dictionary<(string Group, string Kind), string[]> Paths = new()
    {
        [("apps", "Deployment")] = ["spec.selector"],
        [("apps", "ReplicaSet")] = ["spec.selector"],
        [("apps", "DaemonSet")] = ["spec.selector"],
        [("apps", "ControllerRevision")] = ["data"],
        [("", "ResourceQuota")] = ["spec.scopes", "spec.scopeSelector"],
        [("", "Secret")] = ["type"],
        [("networking.k8s.io", "IngressClass")] = ["spec.controller"],
        [("scheduling.k8s.io", "PriorityClass")] = ["preemptionPolicy"],
        [("discovery.k8s.io", "EndpointSlice")] = ["addressType"],
        [("apiextensions.k8s.io", "CustomResourceDefinition")] = ["spec.group", "spec.scope", "spec.names.plural", "spec.names.kind"],
        [("storage.k8s.io", "StorageClass")] = ["volumeBindingMode"],
    };

    public static void Check(ResourceKind kind, JsonObject node, JsonObject old, string? subresource, List<FieldError> errors)
    {
        foreach (var path in Paths.GetValueOrDefault((kind.Group, kind.Kind)) ?? [])
        {
            if (Find(old, path) is { } before && !JsonNode.DeepEquals(before, Find(node, path)))
            {
                errors.Add(path == "spec.selector" ? SelectorValidation.Whole(node["spec"]?["selector"], Why) : FieldError.Invalid(path, Find(node, path), Why));
            }
        }

        switch (kind.Group, kind.Kind)
        {
            case ("", "Pod"):
                Pod(node, old, subresource, errors);
                break;
            case ("", "PersistentVolumeClaim"):
                Claim(node, old, errors);
                break;
            case ("", "PersistentVolume"):
                Volume(node, old, errors);
                break;
            case ("", "ConfigMap" or "Secret"):
                Data(node, old, errors);
                break;
            case ("", "Service"):
                Service(node, old, errors);
                break;
            case ("apps", "StatefulSet"):
                StatefulSet(node, old, errors);
                break;
            case ("batch", "Job"):
                Job(node, old, errors);
                break;
            case ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding") when !JsonNode.DeepEquals(node["roleRef"], old["roleRef"]):
                // As Go writes it.
                errors.Add(new("roleRef", "FieldValueInvalid", $"Invalid value: rbac.RoleRef{{APIGroup:\"{node["roleRef"]?["apiGroup"]}\", Kind:\"{node["roleRef"]?["kind"]}\", Name:\"{node["roleRef"]?["name"]}\"}}: cannot change roleRef"));
                break;
            case ("scheduling.k8s.io", "PriorityClass") when Numbers.Whole(node["value"]) != Numbers.Whole(old["value"]):
                errors.Add(FieldError.Forbidden("Value", "may not be changed in an update."));
                break;
            case ("storage.k8s.io", "StorageClass"):
                StorageClass(node, old, errors);
                break;
        }
    }

    private static void Pod(JsonObject node, JsonObject old, string? subresource, List<FieldError> errors)
    {
        if (subresource is "binding" or "resize")
        {
            return;
        }

        if (subresource == "ephemeralcontainers")
        {
            EphemeralContainers.CheckUpdate(node, old, errors);
            return;
        }

        var (now, before) = (node["spec"]!.DeepClone().AsObject(), old["spec"]!.DeepClone().AsObject());
        SchedulingGates.CheckUpdate(now, before, errors);
        if (SchedulingGates.MayNarrow(now, before))
        {
            now.Remove("nodeSelector");
            before.Remove("nodeSelector");
        }

        foreach (var spec in (ReadOnlySpan<JsonObject>)[now, before])
        {
            foreach (var name in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates"])
            {
                spec.Remove(name);
            }

            foreach (var container in (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []).OfType<JsonObject>())
            {
                container.Remove("image");
            }
        }

        if (!JsonNode.DeepEquals(now, before))
        {
            errors.Add(FieldError.Forbidden("spec", "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
    }

    private static void Claim(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (node["spec"]!.DeepClone().AsObject(), old["spec"]!.DeepClone().AsObject());
        foreach (var spec in (ReadOnlySpan<JsonObject>)[now, before])
        {
            (spec["resources"] as JsonObject)?.Remove("requests");
            spec.Remove("volumeAttributesClassName");
            if (string.IsNullOrEmpty((string?)before["volumeName"]))
            {
                spec.Remove("volumeName");
            }
        }

        var bound = (string?)old["status"]?["phase"] == "Bound";
        if (!JsonNode.DeepEquals(now, before) || (!bound && !JsonNode.DeepEquals(node["spec"]?["resources"]?["requests"], old["spec"]?["resources"]?["requests"])))
        {
            errors.Add(FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        }
    }

    private static void Volume(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(new JsonObject(Copies(node)), new JsonObject(Copies(old))))
        {
            errors.Add(FieldError.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
        }

        if (!JsonNode.DeepEquals(node["spec"]!["volumeMode"], old["spec"]!["volumeMode"]))
        {
            errors.Add(FieldError.Invalid("volumeMode", node["spec"]!["volumeMode"], Why));
        }

        // It can be set once. The real server prints addresses of its own memory, and names no spec.
        if (old["spec"]!["nodeAffinity"] is { } before && !JsonNode.DeepEquals(node["spec"]!["nodeAffinity"], before))
        {
            errors.Add(FieldError.Invalid("nodeAffinity", node["spec"]!["nodeAffinity"], Why));
        }

        static IEnumerable<KeyValuePair<string, JsonNode?>> Copies(JsonObject volume) =>
            VolumeSources.Of(volume["spec"]!.AsObject()).Select(source => KeyValuePair.Create(source.Key, source.Value?.DeepClone()));
    }

    private static void Data(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        if ((bool?)old["immutable"] != true)
        {
            return;
        }

        if ((bool?)node["immutable"] != true)
        {
            errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        }

        foreach (var name in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            if (!JsonNode.DeepEquals(node[name], old[name]))
            {
                errors.Add(FieldError.Forbidden(name, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static void Service(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        var (before, now) = ((string?)old["spec"]?["clusterIP"], (string?)node["spec"]?["clusterIP"]);
        if (!string.IsNullOrEmpty(before) && before != now && (string?)node["spec"]?["type"] != "ExternalName" && (string?)old["spec"]?["type"] != "ExternalName")
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", new JsonArray(now), "may not change once set"));
        }
    }

    private static void StatefulSet(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        var free = new HashSet<string>(["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"], StringComparer.Ordinal);
        var (now, before) = (node["spec"]!.AsObject(), old["spec"]!.AsObject());
        if (now.Concat(before).Select(field => field.Key).Any(name => !free.Contains(name) && !JsonNode.DeepEquals(now[name], before[name])))
        {
            errors.Add(FieldError.Forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
        }
    }

    private static void Job(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (node["spec"], old["spec"]);
        if (!JsonNode.DeepEquals(now?["completions"], before?["completions"]))
        {
            Completions(now, errors);
        }

        if (!JsonNode.DeepEquals(now?["selector"], before?["selector"]))
        {
            errors.Add(SelectorValidation.Whole(now?["selector"], Why));
        }

        var suspended = (bool?)before?["suspend"] == true && old["status"]?["startTime"] is null;
        if (!suspended && !JsonNode.DeepEquals(now?["template"], before?["template"]))
        {
            // The real server shows the whole template, with addresses of its own memory.
            errors.Add(new("spec.template", "FieldValueInvalid", $"Invalid value: core.PodTemplateSpec{{}}: {Why}"));
        }

        if (!JsonNode.DeepEquals(now?["completionMode"], before?["completionMode"]))
        {
            errors.Add(FieldError.Invalid("spec.completionMode", now?["completionMode"], Why));
        }
    }

    // The parts of an indexed Job may become more or fewer where all of them run at once.
    private static void Completions(JsonNode? spec, List<FieldError> errors)
    {
        if ((string?)spec?["completionMode"] != "Indexed")
        {
            errors.Add(FieldError.Invalid("spec.completions", spec?["completions"], Why));
        }
        else if (spec["completions"] is { } completions && !JsonNode.DeepEquals(completions, spec["parallelism"]))
        {
            errors.Add(FieldError.Invalid("spec.completions", completions, "can only be modified in tandem with spec.parallelism"));
        }
    }

    private static void StorageClass(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("parameters", "updates to parameters are forbidden."), ("provisioner", "updates to provisioner are forbidden."), ("reclaimPolicy", "updates to reclaimPolicy are forbidden.")])
        {
            if (!JsonNode.DeepEquals(node[name], old[name]))
            {
                errors.Add(FieldError.Forbidden(name, text));
            }
        }
    }

    private static JsonNode? Find(JsonObject node, string path)
    {
        JsonNode? at = node;
        foreach (var step in path.Split('.'))
        {
            at = (at as JsonObject)?[step];
        }

        return at;
    }
}
