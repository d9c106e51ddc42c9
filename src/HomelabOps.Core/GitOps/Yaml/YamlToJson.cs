using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>Makes JSON of YAML nodes, typing the scalars.</summary>
internal sealed class YamlToJson(string file, YamlSchema schema)
{
    // Aliases of aliases must not exhaust the memory.
    private int _budget = 2_000_000;

    public JsonNode? Convert(YamlNode node)
    {
        if (--_budget < 0)
        {
            throw Errors.ManifestInvalid(file, node.Line, node.Column, Errors.Text("Detail_YamlExpansion"));
        }

        if (node.Items is not null)
        {
            return new JsonArray([.. node.Items.Select(Convert)]);
        }

        return node.Entries is null ? Scalar(node) : Mapping(node);
    }

    private JsonObject Mapping(YamlNode node)
    {
        var result = new JsonObject();
        foreach (var (key, value) in node.Entries!)
        {
            var name = Key(key);
            if (schema == YamlSchema.Manifest && result.ContainsKey(name))
            {
                throw Errors.ManifestInvalid(file, key.Line, key.Column, Errors.Text("Detail_DuplicateKey", name));
            }

            // Annotations are always text, so what looks like a number or a date there stays as it was written.
            result[name] = schema == YamlSchema.Manifest && name == "metadata" && value.Entries is not null ? Metadata(value) : Convert(value);
        }

        return result;
    }

    private JsonObject Metadata(YamlNode node)
    {
        var result = Mapping(node);
        if (node.Find("annotations") is { Entries: { } entries } && result["annotations"] is JsonObject annotations)
        {
            foreach (var (key, value) in entries.Where(entry => entry.Value is { Text: not null, Tag: null }))
            {
                annotations[key.Text!] = value.Text;
            }
        }

        return result;
    }

    private string Key(YamlNode key)
    {
        var (kind, value) = key.Text is null ? default : ScalarTyping.Resolve(key, schema);
        if (kind == ScalarKind.Text)
        {
            return value!.GetValue<string>();
        }

        return schema == YamlSchema.Json && kind is (ScalarKind.Number or ScalarKind.Boolean)
            ? value!.ToJsonString()
            : throw Errors.ManifestInvalid(file, key.Line, key.Column, Errors.Text("Detail_YamlKey", key.Text));
    }

    private JsonValue? Scalar(YamlNode node)
    {
        if (node.IsFolded && schema == YamlSchema.Manifest && node.Tag is null)
        {
            return JsonValue.Create(FoldedText.RoundTrip(node.Text!));
        }

        // Kustomize writes an empty value between braces as '' and reads a text.
        if (schema == YamlSchema.Manifest && node is { Text: "", IsPlain: true, IsInFlow: true, Tag: null })
        {
            return JsonValue.Create("");
        }

        var value = ScalarTyping.Resolve(node, schema);
        return value.Kind == ScalarKind.Invalid
            ? throw Errors.ManifestInvalid(file, node.Line, node.Column, Errors.Text("Detail_YamlScalar", node.Text, node.Tag?.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal) ?? "!!float"))
            : value.Json;
    }
}
