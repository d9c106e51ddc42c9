using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What the kinds do on create and update beside what their schemas say.</summary>
internal static class KindRules
{
    public static void PrepareCreate(ResourceKind kind, KindVersion version, JsonObject node)
    {
        if (version.HasStatus)
        {
            // Whoever creates an object cannot say how it fares; nodes register with their status.
            if (!kind.Is("", "Node"))
            {
                node.Remove("status");
            }
        }

        switch (kind.Group, kind.Kind)
        {
            case ("", "Pod"):
                node["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(node) };
                SchedulingGates.Mark(node);
                break;
            case ("", "Namespace"):
                Defaults.Part(node, "spec")["finalizers"] = new JsonArray("kubernetes");
                node["status"] = new JsonObject { ["phase"] = "Active" };
                Defaults.Part(MetadataRules.Of(node), "labels")["kubernetes.io/metadata.name"] = MetadataRules.Text(MetadataRules.Of(node), "name");
                break;
            case ("", "ResourceQuota"):
                node["status"] = new JsonObject();
                break;
            case ("", "PersistentVolume" or "PersistentVolumeClaim"):
                node["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case ("", "Service"):
                node["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case ("", "ReplicationController") or ("apps", "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet") or ("batch", "Job" or "CronJob"):
                node["status"] = Initial(kind.Kind);
                break;
            case ("networking.k8s.io", "Ingress"):
                node["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case ("", "Secret"):
                MergeStringData(node);
                break;
            case ("", "ConfigMap"):
                RemoveEmptyData(node);
                break;
        }
    }

    public static void PrepareUpdate(ResourceKind kind, KindVersion version, JsonObject node, JsonObject old, string? subresource)
    {
        if (kind.Is("", "Secret"))
        {
            MergeStringData(node);
        }
        else if (kind.Is("", "ConfigMap"))
        {
            RemoveEmptyData(node);
        }

        if (kind.Is("", "Service") && node["spec"] is JsonObject service && old["spec"] is JsonObject before)
        {
            ServiceDefaults.Drop(service, before);
        }

        if (!version.HasStatus)
        {
            return;
        }

        if (subresource == "ephemeralcontainers")
        {
            EphemeralContainers.Keep(node, old);
            return;
        }

        if (subresource is null or "finalize" or "resize")
        {
            Copy(old, node, "status");
            return;
        }

        if (subresource is not ("status" or "approval"))
        {
            return;
        }

        // Only the status counts, and of the metadata what the kind lets through.
        foreach (var (name, _) in node.ToArray())
        {
            if (name is not ("status" or "metadata" or "apiVersion" or "kind"))
            {
                Copy(old, node, name);
            }
        }

        foreach (var (name, _) in old)
        {
            if (name != "status" && !node.ContainsKey(name))
            {
                Copy(old, node, name);
            }
        }

        var (metadata, earlier) = (MetadataRules.Of(node), MetadataRules.Of(old));
        if (kind.IsCustom)
        {
            var managed = metadata["managedFields"]?.DeepClone();
            node["metadata"] = earlier.DeepClone();
            Replace(node["metadata"]!.AsObject(), "managedFields", managed);
        }
        else
        {
            Copy(earlier, metadata, "ownerReferences");
            if (kind is not { Group: "", Kind: "Node" or "Pod" or "Namespace" })
            {
                Copy(earlier, metadata, "labels");
            }
        }
    }

    public static void ValidateCreate(ResourceKind kind, JsonObject node, List<FieldError> errors)
    {
        KindValidation.Check(kind, node, errors);
        if (kind.Is("", "Pod") && node["spec"]?["ephemeralContainers"] is JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Forbidden("spec.ephemeralContainers", "cannot be set on create"));
        }
    }

    public static void ValidateUpdate(ResourceKind kind, JsonObject node, JsonObject old, string? subresource, List<FieldError> errors)
    {
        if (subresource is "status" or "approval")
        {
            return;
        }

        KindValidation.Check(kind, node, errors);
        Immutability.Check(kind, node, old, subresource, errors);
    }

    private static JsonObject Initial(string kind) => kind switch
    {
        "ReplicaSet" or "StatefulSet" or "ReplicationController" => new() { ["replicas"] = 0 },
        "DaemonSet" => new() { ["currentNumberScheduled"] = 0, ["numberMisscheduled"] = 0, ["desiredNumberScheduled"] = 0, ["numberReady"] = 0 },
        _ => [],
    };

    private static void MergeStringData(JsonObject node)
    {
        if (node["stringData"] is JsonObject texts)
        {
            var data = Defaults.Part(node, "data");
            foreach (var (name, value) in texts)
            {
                data[name] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((string?)value ?? ""));
            }
        }

        node.Remove("stringData");
        RemoveEmptyData(node);
        Defaults.Set(node, "type", "Opaque");
    }

    private static void RemoveEmptyData(JsonObject node)
    {
        foreach (var name in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            if (node[name] is JsonObject { Count: 0 })
            {
                node.Remove(name);
            }
        }
    }

    private static void Copy(JsonObject from, JsonObject to, string name) => Replace(to, name, from[name]?.DeepClone());

    private static void Replace(JsonObject owner, string name, JsonNode? value)
    {
        owner.Remove(name);
        if (value is not null)
        {
            owner[name] = value;
        }
    }
}
