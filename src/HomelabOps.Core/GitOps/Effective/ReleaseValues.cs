using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Joins the values of a Helm release as Flux' helm-controller does: valuesFrom in its order, then its own.</summary>
internal static class ReleaseValues
{
    /// <summary>The values; what a source outside of the repository holds is not among them.</summary>
    /// <param name="release">The release.</param>
    /// <param name="find">A ConfigMap by its name; null when there is none.</param>
    public static JsonObject Of(JsonObject release, Func<string, JsonObject?> find)
    {
        var result = new JsonObject();
        foreach (var source in Sources(release))
        {
            if (find(source.Name) is not { } map || ObjectText.Node(map, "data", source.Key) is not JsonValue data || Scalars.Text(data) is not { } text)
            {
                continue;
            }

            if (source.Target.Length > 0)
            {
                result = TargetPath.Set(result, source.Target, text, source.IsLiteral) ?? result;
            }
            else if (Parse(text) is { } values)
            {
                Merge(result, values);
            }
        }

        if (ObjectText.Node(release, "spec", "values") is JsonObject own)
        {
            Merge(result, own);
        }

        return result;
    }

    /// <summary>The ConfigMaps of valuesFrom.</summary>
    public static IEnumerable<ReleaseSource> Sources(JsonObject release) => ObjectText.Items(ObjectText.Node(release, "spec", "valuesFrom"))
        .Where(entry => ObjectText.At(entry.Item, "kind") == "ConfigMap")
        .Select(entry => new ReleaseSource(
            ObjectText.At(entry.Item, "name"),
            ObjectText.At(entry.Item, "valuesKey") is { Length: > 0 } key ? key : "values.yaml",
            ObjectText.At(entry.Item, "targetPath"),
            ObjectText.At(entry.Item, "literal") == "true"));

    /// <summary>The values in a text; null where it is none.</summary>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return YamlReader.ReadAll("values", text) is [{ IsEmpty: false } document, ..] ? document.Root.ToJson("values", YamlSchema.Json) as JsonObject : null;
        }
        catch (HomelabException)
        {
            return null;
        }
    }

    private static void Merge(JsonObject into, JsonObject values)
    {
        foreach (var (key, value) in values)
        {
            if (value is JsonObject map && into[key] is JsonObject known)
            {
                Merge(known, map);
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }
    }
}
