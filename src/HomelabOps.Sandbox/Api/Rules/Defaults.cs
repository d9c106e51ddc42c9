using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules.Limits;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The defaults of built-in kinds that clients and controllers notice, as the real server puts them in.</summary>
internal static class Defaults
{
    public static void Apply(ResourceKind kind, JsonObject node)
    {
        if (node["spec"] is not JsonObject spec)
        {
            if (kind is { Group: "", Kind: "Pod" or "Service" or "PersistentVolume" or "PersistentVolumeClaim" or "Namespace" or "Node" })
            {
                node["spec"] = spec = [];
            }
            else
            {
                ApplyPlain(kind, node);
                return;
            }
        }

        switch (kind.Group, kind.Kind)
        {
            case ("", "Pod"):
                PodDefaults.Apply(spec);
                break;
            case ("", "Service"):
                ServiceDefaults.Apply(spec);
                break;
            case ("", "LimitRange"):
                LimitRanges.Complete(spec);
                break;
            case ("", "PersistentVolumeClaim"):
                Set(spec, "volumeMode", "Filesystem");
                break;
            case ("", "PersistentVolume"):
                if (spec["hostPath"] is JsonObject hostPath)
                {
                    Set(hostPath, "type", "");
                }

                Set(spec, "persistentVolumeReclaimPolicy", "Retain");
                Set(spec, "volumeMode", "Filesystem");
                break;
            case ("", "ReplicationController") or ("apps", "ReplicaSet"):
                Replicas(kind, spec, MetadataRules.Of(node));
                break;
            case ("apps", "Deployment"):
                Deployment(spec);
                break;
            case ("apps", "StatefulSet"):
                StatefulSet(spec);
                break;
            case ("apps", "DaemonSet"):
                Set(spec, "revisionHistoryLimit", 10);
                Rolling(Part(spec, "updateStrategy"), ("maxUnavailable", 1), ("maxSurge", 0));
                Template(spec);
                break;
            case ("batch", "Job"):
                Job(spec);
                break;
            case ("batch", "CronJob"):
                CronJob(spec);
                break;
            case ("networking.k8s.io", "NetworkPolicy"):
                NetworkPolicy(spec);
                break;
            case ("autoscaling", "HorizontalPodAutoscaler"):
                Set(spec, "minReplicas", 1);
                break;
            case ("apiextensions.k8s.io", "CustomResourceDefinition"):
                CustomResourceDefinition(spec);
                break;
        }
    }

    public static void Set(JsonObject owner, string name, JsonNode value)
    {
        if (owner[name] is null)
        {
            owner[name] = value;
        }
    }

    public static JsonObject Part(JsonObject owner, string name)
    {
        if (owner[name] is JsonObject part)
        {
            return part;
        }

        part = [];
        owner[name] = part;
        return part;
    }

    private static void ApplyPlain(ResourceKind kind, JsonObject node)
    {
        switch (kind.Group, kind.Kind)
        {
            case ("", "Secret"):
                Set(node, "type", "Opaque");
                break;
            case ("storage.k8s.io", "StorageClass"):
                Set(node, "reclaimPolicy", "Delete");
                Set(node, "volumeBindingMode", "Immediate");
                break;
            case ("scheduling.k8s.io", "PriorityClass"):
                Set(node, "preemptionPolicy", "PreemptLowerPriority");
                break;
            case ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding"):
                Binding(node);
                break;
            case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration"):
                WebhookDefaults.Apply(node, kind.Kind == "MutatingWebhookConfiguration");
                break;
        }
    }

    private static void Binding(JsonObject node)
    {
        if (node["roleRef"] is JsonObject role)
        {
            Set(role, "apiGroup", "rbac.authorization.k8s.io");
        }

        foreach (var subject in (node["subjects"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if ((string?)subject["kind"] is "User" or "Group")
            {
                Set(subject, "apiGroup", "rbac.authorization.k8s.io");
            }
        }
    }

    private static void Deployment(JsonObject spec)
    {
        Set(spec, "replicas", 1);
        Set(spec, "revisionHistoryLimit", 10);
        Set(spec, "progressDeadlineSeconds", 600);
        Rolling(Part(spec, "strategy"), ("maxUnavailable", "25%"), ("maxSurge", "25%"));
        Template(spec);
    }

    private static void StatefulSet(JsonObject spec)
    {
        Set(spec, "replicas", 1);
        Set(spec, "revisionHistoryLimit", 10);
        Set(spec, "podManagementPolicy", "OrderedReady");
        Rolling(Part(spec, "updateStrategy"), ("partition", 0));
        var retention = Part(spec, "persistentVolumeClaimRetentionPolicy");
        Set(retention, "whenDeleted", "Retain");
        Set(retention, "whenScaled", "Retain");
        foreach (var claim in (spec["volumeClaimTemplates"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Set(claim, "apiVersion", "v1");
            Set(claim, "kind", "PersistentVolumeClaim");
            Set(Part(claim, "spec"), "volumeMode", "Filesystem");
            Set(Part(claim, "status"), "phase", "Pending");
        }

        Template(spec);
    }

    private static void Rolling(JsonObject strategy, params (string Name, JsonNode Value)[] values)
    {
        Set(strategy, "type", "RollingUpdate");
        if ((string?)strategy["type"] == "RollingUpdate")
        {
            var rolling = Part(strategy, "rollingUpdate");
            foreach (var (name, value) in values)
            {
                Set(rolling, name, value);
            }
        }
    }

    private static void Job(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }

        Set(spec, "parallelism", 1);
        Set(spec, "backoffLimit", 6);
        Set(spec, "completionMode", "NonIndexed");
        Set(spec, "suspend", false);
        Set(spec, "podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        Template(spec);
    }

    private static void CronJob(JsonObject spec)
    {
        Set(spec, "concurrencyPolicy", "Allow");
        Set(spec, "suspend", false);
        Set(spec, "successfulJobsHistoryLimit", 3);
        Set(spec, "failedJobsHistoryLimit", 1);
        if (spec["jobTemplate"]?["spec"] is JsonObject job)
        {
            Template(job);
        }
    }

    private static void NetworkPolicy(JsonObject spec)
    {
        if (spec["policyTypes"] is not JsonArray { Count: > 0 })
        {
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }

        foreach (var rule in (spec["ingress"] as JsonArray ?? []).Concat(spec["egress"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var port in (rule["ports"] as JsonArray ?? []).OfType<JsonObject>())
            {
                Set(port, "protocol", "TCP");
            }
        }
    }

    private static void CustomResourceDefinition(JsonObject spec)
    {
        if (spec["names"] is JsonObject names && (string?)names["kind"] is { Length: > 0 } kind)
        {
            Set(names, "singular", kind.ToLowerInvariant());
            Set(names, "listKind", kind + "List");
        }

        Set(Part(spec, "conversion"), "strategy", "None");
    }

    private static void Replicas(ResourceKind kind, JsonObject spec, JsonObject metadata)
    {
        Set(spec, "replicas", 1);
        if (kind.Group.Length == 0 && spec["template"]?["metadata"]?["labels"] is JsonObject { Count: > 0 } labels)
        {
            Labels(spec, "selector", labels);
            Labels(metadata, "labels", labels);
        }

        Template(spec);
    }

    private static void Labels(JsonObject owner, string name, JsonObject labels)
    {
        if (owner[name] is not JsonObject { Count: > 0 })
        {
            owner[name] = labels.DeepClone();
        }
    }

    private static void Template(JsonObject spec)
    {
        if (spec["template"] is JsonObject template)
        {
            // The template's metadata is written even when it is empty.
            Set(template, "metadata", new JsonObject());
            PodDefaults.Apply(Part(template, "spec"), isTemplate: true);
        }
    }
}
