using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules.Limits;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What the server checks and adds with a look at other objects: namespaces, service accounts, addresses, classes.</summary>
internal sealed class Admission(ApiContext context, ServiceAllocation services)
{
    private const string DefaultStorageClass = "storageclass.kubernetes.io/is-default-class";
    private readonly LimitRanges _limits = new(context);

    public void Create(ResourceKind kind, KindVersion version, JsonObject node, CallOptions options)
    {
        _ = version;
        _ = options;
        var metadata = MetadataRules.Of(node);
        if (kind.Namespaced)
        {
            CheckNamespace(kind, metadata);
        }

        switch (kind.Group, kind.Kind)
        {
            case ("", "Pod"):
                _limits.Default(node);
                Pod(node, metadata);
                break;
            case ("", "Service"):
                services.Allocate(kind, node, null);
                break;
            case ("", "PersistentVolumeClaim"):
                Claim(node["spec"]!.AsObject(), metadata);
                break;
            case ("", "PersistentVolume"):
                Protect(metadata, "kubernetes.io/pv-protection");
                break;
            case ("batch", "Job"):
                Job(node, metadata);
                break;
            case ("scheduling.k8s.io", "PriorityClass"):
                PodPriority.CheckDefault(context, node);
                break;
            case ("apiextensions.k8s.io", "CustomResourceDefinition"):
                Protect(metadata, "customresourcecleanup.apiextensions.k8s.io");
                DefinitionValidation.Require(kind, node);
                CustomKinds.Establish(node, context.Kinds, context.Now());
                break;
        }
    }

    public void Update(ResourceKind kind, KindVersion version, JsonObject node, JsonObject old, CallOptions options)
    {
        _ = version;
        if (kind.Is("", "Service") && node["spec"] is JsonObject spec)
        {
            // What the server has given stays when a client leaves it out.
            foreach (var name in (ReadOnlySpan<string>)["clusterIP", "clusterIPs"])
            {
                if (spec[name] is null && old["spec"]?[name] is { } given && (string?)spec["type"] != "ExternalName")
                {
                    spec[name] = given.DeepClone();
                }
            }

            services.Allocate(kind, node, old);
        }

        if (kind.Is("scheduling.k8s.io", "PriorityClass"))
        {
            PodPriority.CheckDefault(context, node);
        }

        if (kind.Is("batch", "Job"))
        {
            LabelJob(node, MetadataRules.Of(node));
        }

        if (kind.Is("apiextensions.k8s.io", "CustomResourceDefinition") && options.Subresource is null)
        {
            DefinitionValidation.Require(kind, node);
            CustomKinds.Establish(node, context.Kinds, context.Now());
        }
    }

    /// <summary>What the ranges of the namespace do not let through, once all else is right.</summary>
    public void CheckLimits(ResourceKind kind, JsonObject node) => _limits.Check(kind, node);

    private void CheckNamespace(ResourceKind kind, JsonObject metadata)
    {
        var name = MetadataRules.Text(metadata, "namespace");
        var namespaces = context.Kinds.FindKind("v1", "Namespace")!.Value.Kind;
        var found = context.Collection(namespaces).Find(new ObjectKey("", name)) ?? throw ApiErrors.NotFound(namespaces, name);
        if (found.IsDeleting)
        {
            throw ApiErrors.ForbiddenObject(kind, MetadataRules.Text(metadata, "name"), $"unable to create new content in namespace {name} because it is being terminated", new()
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {name} is being terminated",
                ["field"] = "metadata.namespace",
            });
        }
    }

    private void Pod(JsonObject node, JsonObject metadata)
    {
        var spec = node["spec"]!.AsObject();
        var @namespace = MetadataRules.Text(metadata, "namespace");
        Defaults.Set(spec, "serviceAccountName", "default");
        var account = (string)spec["serviceAccountName"]!;
        spec["serviceAccount"] = account;
        if (context.Collection("v1", "ServiceAccount").Find(new(@namespace, account)) is null)
        {
            throw ApiErrors.ForbiddenObject(context.Kinds.FindKind("v1", "Pod")!.Value.Kind, MetadataRules.Text(metadata, "name"), $"error looking up service account {@namespace}/{account}: serviceaccount \"{account}\" not found");
        }

        Defaults.Set(spec, "enableServiceLinks", true);
        PodPriority.Resolve(context, spec, metadata);
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        foreach (var taint in (ReadOnlySpan<string>)["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (!tolerations.Any(item => (string?)item?["key"] == taint || (item?["key"] is null && (string?)item?["operator"] == "Exists")))
            {
                tolerations.Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 });
            }
        }

        spec["tolerations"] = tolerations.Parent is null ? tolerations : tolerations.DeepClone();
        MountToken(spec, metadata);
    }

    // The token that each container finds in its file system.
    private void MountToken(JsonObject spec, JsonObject metadata)
    {
        const string Path = "/var/run/secrets/kubernetes.io/serviceaccount";
        if ((bool?)spec["automountServiceAccountToken"] == false)
        {
            return;
        }

        var volumes = spec["volumes"] as JsonArray ?? [];
        var name = volumes.Select(volume => (string?)volume?["name"]).FirstOrDefault(item => item?.StartsWith("kube-api-access-", StringComparison.Ordinal) == true);
        if (name is null)
        {
            name = "kube-api-access-" + context.Ids.NewSuffix($"pods/{MetadataRules.Text(metadata, "namespace")}/{MetadataRules.Text(metadata, "name")}/token");
            volumes.Add(new JsonObject
            {
                ["name"] = name,
                ["projected"] = new JsonObject
                {
                    ["sources"] = new JsonArray(
                        new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607, ["path"] = "token" } },
                        new JsonObject { ["configMap"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }) } },
                        new JsonObject { ["downwardAPI"] = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["path"] = "namespace", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" } }) } }),
                    ["defaultMode"] = 420,
                },
            });
            spec["volumes"] = volumes.Parent is null ? volumes : volumes.DeepClone();
        }

        foreach (var container in (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var mounts = container["volumeMounts"] as JsonArray ?? [];
            if (mounts.Any(mount => (string?)mount?["mountPath"] == Path))
            {
                continue;
            }

            mounts.Add(new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = Path });
            if (mounts.Parent is null)
            {
                container["volumeMounts"] = mounts;
            }
        }
    }

    private void Claim(JsonObject spec, JsonObject metadata)
    {
        Protect(metadata, "kubernetes.io/pvc-protection");
        if (spec.ContainsKey("storageClassName"))
        {
            return;
        }

        var fallback = context.Collection("storage.k8s.io/v1", "StorageClass").Read("").Objects
            .Select(item => item.ToNode())
            .FirstOrDefault(item => (string?)item["metadata"]?["annotations"]?[DefaultStorageClass] == "true");
        if (fallback is not null)
        {
            spec["storageClassName"] = (string?)fallback["metadata"]!["name"];
        }
    }

    private static void Protect(JsonObject metadata, string finalizer)
    {
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(item => (string?)item == finalizer))
        {
            finalizers.Add(finalizer);
        }

        if (finalizers.Parent is null)
        {
            metadata["finalizers"] = finalizers;
        }
    }

    // A job selects its pods by its own uid unless it is told otherwise. What its template says already is looked at later.
    private static void Job(JsonObject node, JsonObject metadata)
    {
        if (node["spec"] is not JsonObject spec || spec["template"] is not JsonObject template)
        {
            return;
        }

        if ((bool?)spec["manualSelector"] != true)
        {
            var (uid, name) = (MetadataRules.Text(metadata, "uid"), MetadataRules.Text(metadata, "name"));
            var labels = Defaults.Part(Defaults.Part(template, "metadata"), "labels");
            foreach (var prefix in (ReadOnlySpan<string>)["", JobValidation.Prefix])
            {
                Defaults.Set(labels, prefix + "controller-uid", uid);
                Defaults.Set(labels, prefix + "job-name", name);
            }

            Defaults.Set(Defaults.Part(Defaults.Part(spec, "selector"), "matchLabels"), JobValidation.Prefix + "controller-uid", uid);
        }

        LabelJob(node, metadata);
    }

    // One without labels has those of its pods.
    private static void LabelJob(JsonObject node, JsonObject metadata)
    {
        if (metadata["labels"] is not JsonObject { Count: > 0 } && node["spec"]?["template"]?["metadata"]?["labels"] is JsonObject { Count: > 0 } labels)
        {
            metadata["labels"] = labels.DeepClone();
        }
    }
}
