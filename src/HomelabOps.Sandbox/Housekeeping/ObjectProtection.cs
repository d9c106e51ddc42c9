using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>Lets go of claims that no pod uses, of volumes that no claim holds, and of definitions that have no objects left.</summary>
internal sealed class ObjectProtection(ApiServices services)
{
    private const string ClaimFinalizer = "kubernetes.io/pvc-protection";
    private const string VolumeFinalizer = "kubernetes.io/pv-protection";
    private const string DefinitionFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>Whether changes of this collection may set something free.</summary>
    public static bool Concerns(Collection collection) => collection.Resource is "pods" or "persistentvolumes" or "persistentvolumeclaims";

    public void Handle(Collection collection, StoreEvent change)
    {
        switch (collection.Resource)
        {
            case "persistentvolumeclaims" when change.After.IsDeleting && !change.Deleted:
                Claim(change.After.Key);
                break;
            case "persistentvolumes" when change.After.IsDeleting && !change.Deleted:
                Volume(change.After.Key);
                break;
            case "customresourcedefinitions.apiextensions.k8s.io" when change.After.IsDeleting && !change.Deleted:
                Definition(change.After.Key);
                break;
            case "pods":
                foreach (var claim in Claims(change.After.ToNode()))
                {
                    Claim(new(change.After.Key.Namespace, claim));
                }

                break;
            default:
                if (change.Deleted && services.Context.Kinds.FindResource(collection.Resource) is { IsCustom: true })
                {
                    Definition(new("", collection.Resource));
                }

                break;
        }
    }

    private void Claim(ObjectKey key)
    {
        if (services.Context.Collection("v1", "PersistentVolumeClaim").Find(key) is not { IsDeleting: true })
        {
            return;
        }

        var used = services.Context.Collection("v1", "Pod").Read(key.Namespace).Objects.Select(pod => pod.ToNode())
            .Any(pod => Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed") && Claims(pod).Contains(key.Name, StringComparer.Ordinal));
        if (!used)
        {
            Release("v1", "PersistentVolumeClaim", key, ClaimFinalizer);
        }
    }

    private void Volume(ObjectKey key)
    {
        var volume = services.Context.Collection("v1", "PersistentVolume").Find(key)?.ToNode();
        if (volume is not null && Cells.Text(volume, "status.phase") != "Bound")
        {
            Release("v1", "PersistentVolume", key, VolumeFinalizer);
        }
    }

    // The objects of a kind go with its definition.
    private void Definition(ObjectKey key)
    {
        if (services.Context.Collection("apiextensions.k8s.io/v1", "CustomResourceDefinition").Find(key) is not { IsDeleting: true } || services.Context.Kinds.FindResource(key.Name) is not { } kind)
        {
            return;
        }

        var remaining = 0;
        foreach (var item in services.Context.Collection(kind).Read(null).Objects)
        {
            remaining += !item.IsDeleting && services.Remover.Delete(kind, item.Key, new DeleteOptions { PropagationPolicy = "Background" }, CallOptions.Default).Gone ? 0 : 1;
        }

        if (remaining == 0)
        {
            Release("apiextensions.k8s.io/v1", "CustomResourceDefinition", key, DefinitionFinalizer);
        }
    }

    private void Release(string apiVersion, string kindName, ObjectKey key, string finalizer)
    {
        var (kind, version) = services.Context.Kinds.FindKind(apiVersion, kindName)!.Value;
        services.Writer.Update(kind, version, key, node => Without(node, finalizer), CallOptions.Default);
    }

    private static JsonObject Without(JsonObject node, string finalizer)
    {
        if (node["metadata"]?["finalizers"] is JsonArray finalizers)
        {
            node["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Where(item => (string?)item != finalizer).Select(item => item?.DeepClone())]);
        }

        return node;
    }

    private static IEnumerable<string> Claims(JsonObject pod) => Cells.Items(pod, "spec.volumes").Select(volume => Cells.Text(volume, "persistentVolumeClaim.claimName")).Where(name => name.Length > 0);
}
