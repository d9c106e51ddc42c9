using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Knows the objects that only hold values for others: what changes in them shows in what is built with it.</summary>
internal sealed class ValueCarriers
{
    // Fields of a Flux Kustomization that say how it is built.
    private static readonly string[] OfBuilds = ["components", "images", "patches", "postBuild"];

    private readonly HashSet<(string Kind, string Name)> _maps = [];

    public ValueCarriers(IEnumerable<FluxNode> nodes)
    {
        foreach (var node in nodes)
        {
            _maps.UnionWith(Named(ObjectText.Node(node.Spec, "postBuild", "substituteFrom")));
            _maps.UnionWith(node.Objects.Where(item => ObjectText.IsHelmRelease(item.Content)).SelectMany(item => Named(ObjectText.Node(item.Content, "spec", "valuesFrom"))));
        }
    }

    /// <summary>Whether two builds of an object differ in nothing but values that it holds for others.</summary>
    public bool AreSame(JsonObject before, JsonObject after) => JsonNode.DeepEquals(before, after)
        || _maps.Contains((ObjectText.Kind(before), ObjectText.Name(before)))
        || (ObjectText.IsFluxKustomization(before) && JsonNode.DeepEquals(Without(before), Without(after)));

    private static IEnumerable<(string Kind, string Name)> Named(JsonNode? list) => ObjectText.Items(list).Select(entry => (ObjectText.At(entry.Item, "kind"), ObjectText.At(entry.Item, "name")));

    private static JsonObject Without(JsonObject kustomization)
    {
        var copy = (JsonObject)kustomization.DeepClone();
        foreach (var field in OfBuilds)
        {
            (copy["spec"] as JsonObject)?.Remove(field);
        }

        return copy;
    }
}
