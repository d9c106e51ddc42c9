using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>
/// The way to a field of a built object. Items of lists that have names are found by them, so that the field is found again
/// in manifests and patches, where the items are others or stand elsewhere.
/// </summary>
internal sealed record ObjectPath(IReadOnlyList<ObjectStep> Steps)
{
    /// <summary>The object itself.</summary>
    public static ObjectPath Root { get; } = new([]);

    /// <summary>A way of keys.</summary>
    public static ObjectPath Of(params IEnumerable<string> keys) => new([.. keys.Select(key => new ObjectStep(key, 0, null))]);

    /// <summary>One key further.</summary>
    public ObjectPath Then(string key) => new([.. Steps, new(key, 0, null)]);

    /// <summary>To an item of a list.</summary>
    public ObjectPath Then(int index, JsonNode? item) => new([.. Steps, new(null, index, Scalars.Text((item as JsonObject)?["name"]))]);

    /// <summary>The way without its first steps.</summary>
    public ObjectPath From(int steps) => new([.. Steps.Skip(steps)]);

    /// <summary>The way without its last step.</summary>
    public ObjectPath Parent => new([.. Steps.SkipLast(1)]);

    /// <summary>The node of a built object; null when there is none.</summary>
    public JsonNode? Find(JsonNode? root)
    {
        foreach (var step in Steps)
        {
            root = step.Key is { } key ? (root as JsonObject)?[key]
                : root is JsonArray items ? items.FirstOrDefault(item => step.Name is not null && Scalars.Text((item as JsonObject)?["name"]) == step.Name) ?? items.ElementAtOrDefault(step.Index)
                : null;
        }

        return root;
    }

    /// <summary>The node of a manifest or patch, with the way to it there; null when it is not written there.</summary>
    public (YamlNode Node, YamlPath Path)? Find(YamlNode root)
    {
        var path = YamlPath.Root;
        foreach (var step in Steps)
        {
            if (step.Key is { } key)
            {
                if (root.Find(key) is not { } next)
                {
                    return null;
                }

                (root, path) = (next, path.Then(key));
                continue;
            }

            var index = root.Items is null ? -1 : step.Name is null ? step.Index : root.Items.FindIndex(item => item.Find("name")?.Text == step.Name);
            if (index < 0 || index >= root.Items!.Count)
            {
                return null;
            }

            (root, path) = (root.Items[index], path.Then(index));
        }

        return (root, path);
    }

    /// <summary>As people write it.</summary>
    public override string ToString() => Steps.Aggregate(YamlPath.Root, (path, step) => path.Then(step.Key ?? (object)step.Index)).ToString();
}
