using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>What is still in a namespace that goes, and how its status says so.</summary>
internal sealed class NamespaceRemains
{
    // The real controller names both in this order.
    private readonly SortedDictionary<string, int> _resources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _finalizers = new(StringComparer.Ordinal);

    public bool IsEmpty => _resources.Count == 0;

    public void Add(ResourceKind kind, StoredObject item)
    {
        var resource = $"{kind.Plural}.{kind.Group}";
        _resources[resource] = _resources.GetValueOrDefault(resource) + 1;
        foreach (var finalizer in MetadataRules.Of(item.ToNode())["finalizers"] as JsonArray ?? [])
        {
            var name = finalizer!.ToString();
            _finalizers[name] = _finalizers.GetValueOrDefault(name) + 1;
        }
    }

    /// <summary>Sets the conditions of the namespace.</summary>
    public JsonObject Tell(JsonObject node, string now)
    {
        var status = Defaults.Part(node, "status");
        Set("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered");
        Set("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed");
        Set("NamespaceDeletionContentFailure", "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
        if (_resources.Count == 0)
        {
            Set("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed");
        }
        else
        {
            Set("NamespaceContentRemaining", "SomeResourcesRemain", $"Some resources are remaining: {string.Join(", ", _resources.Select(resource => $"{resource.Key} has {resource.Value} resource instances"))}", "True");
        }

        if (_finalizers.Count == 0)
        {
            Set("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished");
        }
        else
        {
            Set("NamespaceFinalizersRemaining", "SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {string.Join(", ", _finalizers.Select(finalizer => $"{finalizer.Key} in {finalizer.Value} resource instances"))}", "True");
        }

        return node;

        void Set(string type, string reason, string message, string value = "False") => Conditions.Set(status, type, value, now, reason, message);
    }
}
