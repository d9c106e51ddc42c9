using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>A node of a YAML document with its place. Aliases and merge keys are resolved; an alias shares the node of its anchor.</summary>
internal sealed class YamlNode
{
    public required long Line { get; init; }

    public required long Column { get; init; }

    /// <summary>The text of a scalar.</summary>
    public string? Text { get; init; }

    /// <summary>A scalar without quotes, whose type depends on its text.</summary>
    public bool IsPlain { get; init; }

    /// <summary>It stands between braces or brackets.</summary>
    public bool IsInFlow { get; init; }

    /// <summary>A scalar of the style that begins with &gt;.</summary>
    public bool IsFolded { get; init; }

    /// <summary>The tag that was written, or null.</summary>
    public string? Tag { get; init; }

    public List<YamlNode>? Items { get; init; }

    public List<KeyValuePair<YamlNode, YamlNode>>? Entries { get; init; }

    /// <summary>The value of a key of this mapping.</summary>
    public YamlNode? Find(string key)
    {
        for (var index = (Entries?.Count ?? 0) - 1; index >= 0; index--)
        {
            if (Entries![index].Key.Text == key)
            {
                return Entries[index].Value;
            }
        }

        return null;
    }

    /// <summary>The node that a path of keys and indexes leads to, or the last one on the way that exists.</summary>
    public YamlNode Nearest(IEnumerable<string> path)
    {
        var node = this;
        foreach (var part in path)
        {
            var next = node.Items is null
                ? node.Find(part)
                : int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) ? node.Items.ElementAtOrDefault(index) : null;
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return node;
    }

    /// <summary>The node as JSON.</summary>
    /// <param name="file">The file's name for errors.</param>
    /// <param name="schema">How scalars are typed.</param>
    /// <exception cref="HomelabException">ManifestInvalid: something that JSON has no words for.</exception>
    public JsonNode? ToJson(string file, YamlSchema schema) => new YamlToJson(file, schema).Convert(this);
}
