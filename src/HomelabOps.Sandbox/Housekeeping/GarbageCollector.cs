using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>Deletes objects whose owners have gone, and finishes deletions in the foreground and with orphans.</summary>
internal sealed class GarbageCollector(ApiServices services)
{
    private readonly OwnerIndex _owners = services.Context.Store.Owners;

    public void Handle(Collection collection, StoreEvent change)
    {
        var item = change.After;
        if (change.Deleted)
        {
            foreach (var dependent in _owners.DependentsOf(item.Uid))
            {
                Collect(dependent.Collection, dependent.Key);
            }

            // An owner may be waiting for this one.
            foreach (var owner in item.Owners.Select(_owners.Find).OfType<OwnerIndex.Entry>())
            {
                Finish(owner.Collection, owner.Key);
            }

            return;
        }

        if (item.Owners.Length > 0 && change.Before is null)
        {
            Collect(collection, item.Key);
        }

        if (item.IsDeleting)
        {
            Finish(collection, item.Key);
        }
    }

    // Deletes what has no owner left; otherwise the ones that have gone are taken out.
    private void Collect(Collection collection, ObjectKey key)
    {
        if (Kind(collection) is not { } kind || collection.Find(key) is not { Owners.Length: > 0 } item || item.Owners.All(_owners.Exists))
        {
            return;
        }

        if (!item.Owners.Any(_owners.Exists))
        {
            if (!item.IsDeleting)
            {
                var policy = MetadataRules.HasFinalizers(MetadataRules.Of(item.ToNode())) ? null : "Background";
                services.Remover.Delete(kind, key, new DeleteOptions { PropagationPolicy = policy, Uid = item.Uid }, CallOptions.Default);
            }

            return;
        }

        Change(kind, key, metadata => RemoveOwners(metadata, uid => !_owners.Exists(uid)));
    }

    private void Finish(Collection collection, ObjectKey key)
    {
        if (Kind(collection) is not { } kind || collection.Find(key) is not { IsDeleting: true } item)
        {
            return;
        }

        var finalizers = (item.ToNode()["metadata"]?["finalizers"] as JsonArray ?? []).Select(finalizer => (string?)finalizer).ToArray();
        if (finalizers.Contains(ObjectRemover.Orphan, StringComparer.Ordinal))
        {
            foreach (var dependent in _owners.DependentsOf(item.Uid))
            {
                if (Kind(dependent.Collection) is { } dependentKind)
                {
                    Change(dependentKind, dependent.Key, metadata => RemoveOwners(metadata, uid => uid == item.Uid));
                }
            }

            RemoveFinalizer(kind, key, ObjectRemover.Orphan);
        }
        else if (finalizers.Contains(ObjectRemover.Foreground, StringComparer.Ordinal))
        {
            DeleteForeground(kind, item);
        }
    }

    private void DeleteForeground(ResourceKind kind, StoredObject owner)
    {
        var blocking = 0;
        foreach (var dependent in _owners.DependentsOf(owner.Uid))
        {
            if (Kind(dependent.Collection) is not { } dependentKind || dependent.Collection.Find(dependent.Key) is not { } item)
            {
                continue;
            }

            var blocks = Cells.Items(item.ToNode(), "metadata.ownerReferences").Any(reference => Cells.Text(reference, "uid") == owner.Uid && (bool?)reference["blockOwnerDeletion"] == true);
            var gone = !item.IsDeleting && services.Remover.Delete(dependentKind, item.Key, new DeleteOptions { PropagationPolicy = blocks ? "Foreground" : "Background", Uid = item.Uid }, CallOptions.Default).Gone;
            blocking += blocks && !gone ? 1 : 0;
        }

        if (blocking == 0)
        {
            RemoveFinalizer(kind, owner.Key, ObjectRemover.Foreground);
        }
    }

    private void RemoveFinalizer(ResourceKind kind, ObjectKey key, string finalizer) => Change(kind, key, metadata =>
    {
        if (metadata["finalizers"] is JsonArray finalizers)
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Where(item => (string?)item != finalizer).Select(item => item?.DeepClone())]);
        }
    });

    private void Change(ResourceKind kind, ObjectKey key, Action<JsonObject> change)
    {
        var version = kind.Versions.First(served => served.IsStorage || kind.IsCustom);
        services.Writer.Update(kind, version, key, node =>
        {
            change(MetadataRules.Of(node));
            return node;
        }, CallOptions.Default);
    }

    private static void RemoveOwners(JsonObject metadata, Func<string, bool> remove)
    {
        if (metadata["ownerReferences"] is JsonArray owners)
        {
            metadata["ownerReferences"] = new JsonArray([.. owners.Where(owner => !remove(Cells.Text(owner, "uid"))).Select(owner => owner?.DeepClone())]);
        }
    }

    private ResourceKind? Kind(Collection collection) => services.Context.Kinds.FindResource(collection.Resource);
}
