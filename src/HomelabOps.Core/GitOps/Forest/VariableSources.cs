using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>ConfigMaps and Secrets of the repository whose values postBuild takes.</summary>
internal sealed class VariableSources(IReadOnlyList<IndexedFile> files)
{
    private readonly ILookup<(string Kind, string Name), YamlNode> _sources = files
        .SelectMany(file => file.Objects)
        .Where(item => IsSource(item.Object))
        .ToLookup(item => (item.Object.Kind, item.Object.Name), item => item.Node);

    /// <summary>Whether variables may come from a file.</summary>
    public static bool IsSource(IndexedFile file) => file.Objects.Any(item => IsSource(item.Object));

    /// <summary>The values; null where they are not known for certain: none or several of that name, encrypted ones, and those that are substituted themselves.</summary>
    public IReadOnlyDictionary<string, string>? Find(string kind, string name)
    {
        if (_sources[(kind, name)].ToArray() is not [var source])
        {
            return null;
        }

        var only = RawManifest.Read(source) ?? [];
        if (ObjectText.IsEncrypted(only))
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in new[] { "data", "stringData" })
        {
            foreach (var (key, value) in only[field] as JsonObject ?? [])
            {
                values[key] = kind == "Secret" && field == "data" ? Decode(Scalars.Text(value) ?? "") : Scalars.Text(value) ?? "";
            }
        }

        return values.Values.Any(ObjectText.IsUnknown) ? null : values;
    }

    private static bool IsSource(IndexedObject item) => item.Kind is "ConfigMap" or "Secret";

    private static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
