using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>What each namespace has, and how one is emptied.</summary>
internal static class NamespaceContent
{
    private const string Description = "kubernetes.io/description";
    private const string RootCertificate = "kube-root-ca.crt";
    private const string Account = "default";

    /// <summary>Whether each namespace has one of this name, so that it comes back when it is deleted.</summary>
    public static bool Has(string resource, string name) => (resource, name) is ("serviceaccounts", Account) or ("configmaps", RootCertificate);

    /// <summary>The default service account and the certificate of the API, unless they are there.</summary>
    public static void Ensure(ApiServices services, string @namespace)
    {
        TryCreate(services, "ServiceAccount", @namespace, new() { ["metadata"] = new JsonObject { ["name"] = Account } });

        // There is no TLS here, so no authority either: one of our own would vouch for nothing. The annotation is where a real one says what it is for.
        TryCreate(services, "ConfigMap", @namespace, new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = RootCertificate,
                ["annotations"] = new JsonObject { [Description] = "Empty: the API server of the embedded homelab serves HTTP without TLS, so there is no CA bundle to verify it with." },
            },
            ["data"] = new JsonObject { ["ca.crt"] = "" },
        });
    }

    /// <summary>Deletes what is in it, tells in the status what holds the rest, and finishes the namespace when nothing is left.</summary>
    public static void Empty(ApiServices services, StoredObject item)
    {
        var remains = new NamespaceRemains();
        foreach (var kind in services.Context.Kinds.Kinds.Where(kind => kind is { Namespaced: true, IsVirtual: false } && services.Context.Kinds.StorageOf(kind) == kind))
        {
            foreach (var found in services.Context.Collection(kind).Read(item.Key.Name).Objects)
            {
                try
                {
                    var result = found.IsDeleting ? new WriteResult(found) : services.Remover.Delete(kind, found.Key, new DeleteOptions { PropagationPolicy = "Background" }, CallOptions.Default);
                    if (!result.Gone)
                    {
                        remains.Add(kind, result.Object);
                    }
                }
                catch (ApiException error) when (error.Reason is "NotFound")
                {
                    // Somebody else was faster.
                }
            }
        }

        var (namespaces, version) = services.Context.Kinds.FindKind("v1", "Namespace")!.Value;
        services.Writer.Update(namespaces, version, item.Key, node => remains.Tell(node, services.Context.Now()), new CallOptions { Subresource = "status" });
        if (remains.IsEmpty)
        {
            services.Writer.Update(namespaces, version, item.Key, Finalized, new CallOptions { Subresource = "finalize" });
        }
    }

    private static JsonObject Finalized(JsonObject node)
    {
        if (node["spec"]?["finalizers"] is JsonArray finalizers)
        {
            node["spec"]!["finalizers"] = new JsonArray([.. finalizers.Where(finalizer => (string?)finalizer != "kubernetes").Select(finalizer => finalizer?.DeepClone())]);
        }

        return node;
    }

    private static void TryCreate(ApiServices services, string kind, string @namespace, JsonObject node)
    {
        try
        {
            Bootstrap.Create(services, "v1", kind, @namespace, node);
        }
        catch (ApiException error) when (error.Reason is "AlreadyExists" or "Forbidden" or "NotFound")
        {
            // It is there already, or the namespace goes.
        }
    }
}
