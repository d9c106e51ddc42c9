using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Deletes objects: at once, after a grace period, or when the last finalizer has gone.</summary>
internal sealed class ObjectRemover(ApiContext context)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    public WriteResult Delete(ResourceKind kind, ObjectKey key, DeleteOptions delete, CallOptions options)
    {
        if (kind.Is("", "Namespace") && key.Name is "default" or "kube-system" or "kube-public")
        {
            throw ApiErrors.ForbiddenObject(kind, key.Name, "this namespace may not be deleted");
        }

        var collection = context.Collection(kind);
        while (true)
        {
            var before = collection.Find(key) ?? throw ApiErrors.NotFound(kind, key.Name);
            delete.CheckPreconditions(kind, key, before);
            var node = before.ToNode();
            var metadata = MetadataRules.Of(node);
            SetPropagation(kind, metadata, delete, options);
            var grace = Grace(kind, node, delete);
            var held = MetadataRules.HasFinalizers(metadata) || grace > 0 || (kind.Is("", "Namespace") && node["spec"]?["finalizers"] is JsonArray { Count: > 0 });
            if (held)
            {
                Mark(kind, node, metadata, before, grace);
            }

            if (options.DryRun)
            {
                return new(held ? StoredObject.Create(key, before.Revision, node, collection.Fields) : before, Gone: !held);
            }

            var after = held ? collection.TryCommit(key, before, node, deleted: false) : collection.Remove(before, node);
            if (after is not null)
            {
                return new(after, Gone: !held);
            }
        }
    }

    private void Mark(ResourceKind kind, JsonObject node, JsonObject metadata, StoredObject before, long grace)
    {
        if (!before.IsDeleting)
        {
            if (metadata["generation"] is { } generation)
            {
                metadata["generation"] = (Numbers.Whole(generation) ?? 0) + 1;
            }

            metadata["deletionGracePeriodSeconds"] = grace;
            metadata["deletionTimestamp"] = Timestamps.Format(context.Clock.GetUtcNow().AddSeconds(grace));
        }
        else if (grace < (Numbers.Whole(metadata["deletionGracePeriodSeconds"]) ?? 0))
        {
            // A shorter grace period than before counts from the first request.
            var (asked, old) = (Timestamps.Parse((string?)metadata["deletionTimestamp"])!.Value, Numbers.Whole(metadata["deletionGracePeriodSeconds"])!.Value);
            metadata["deletionTimestamp"] = Timestamps.Format(asked.AddSeconds(grace - old));
            metadata["deletionGracePeriodSeconds"] = grace;
        }

        if (kind.Is("", "Namespace"))
        {
            (node["status"] ??= new JsonObject())["phase"] = "Terminating";
        }
        else if (kind.Is("apiextensions.k8s.io", "CustomResourceDefinition"))
        {
            Conditions.Set(Defaults.Part(node, "status"), "Terminating", "True", context.Now(), "InstanceDeletionInProgress", "CustomResource deletion is in progress");
        }
    }

    private static long Grace(ResourceKind kind, JsonObject node, DeleteOptions delete)
    {
        if (!kind.Is("", "Pod"))
        {
            return 0;
        }

        // A pod that never ran, or has ended, has nobody to wait for.
        if (string.IsNullOrEmpty((string?)node["spec"]?["nodeName"]) || (string?)node["status"]?["phase"] is "Succeeded" or "Failed")
        {
            return 0;
        }

        var grace = delete.GracePeriodSeconds ?? Numbers.Whole(node["spec"]?["terminationGracePeriodSeconds"]) ?? 30;
        return grace < 0 ? 1 : grace;
    }

    private static void SetPropagation(ResourceKind kind, JsonObject metadata, DeleteOptions delete, CallOptions options)
    {
        var finalizers = (metadata["finalizers"] as JsonArray ?? []).Select(item => (string)item!).ToList();
        var policy = delete.PropagationPolicy;
        if (policy is null && kind.Is("batch", "Job"))
        {
            options.Warn("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning");
        }

        policy ??= finalizers.Contains(Orphan) || kind.Is("batch", "Job") || kind.Is("", "ReplicationController") ? "Orphan"
            : finalizers.Contains(Foreground) ? "Foreground" : "Background";
        finalizers.RemoveAll(item => item is Foreground or Orphan);
        switch (policy)
        {
            case "Foreground":
                finalizers.Add(Foreground);
                break;
            case "Orphan":
                finalizers.Add(Orphan);
                break;
        }

        metadata.Remove("finalizers");
        if (finalizers.Count > 0)
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(item => JsonValue.Create(item))]);
        }
    }
}
