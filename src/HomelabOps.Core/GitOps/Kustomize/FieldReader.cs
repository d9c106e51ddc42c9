using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Reads the fields of a mapping in a kustomization file as strictly as kustomize: unknown fields and wrong types are errors with their place.</summary>
internal sealed class FieldReader
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A mapping.</summary>
    /// <param name="file">The file's name for errors.</param>
    /// <param name="node">The mapping.</param>
    /// <param name="path">Its field, for errors; empty for the file itself.</param>
    /// <param name="known">The fields that it may have, in one list or more. Case does not matter, as in Go.</param>
    public FieldReader(string file, YamlNode node, string path, params ReadOnlySpan<string[]> known)
    {
        File = file;
        Node = node;
        Path = path;
        if (node.Entries is null)
        {
            throw Invalid(node, "Detail_KustomizeType", path, "a mapping");
        }

        foreach (var (key, value) in node.Entries)
        {
            if (!IsKnown(key.Text, known))
            {
                throw Invalid(key, "Detail_KustomizeUnknown", Name(key.Text ?? "?"));
            }

            _values[key.Text!] = value;
        }
    }

    public string File { get; }

    public YamlNode Node { get; }

    public string Path { get; }

    public YamlNode? Value(string field) => _values.TryGetValue(field, out var value) && !IsNull(value) ? value : null;

    public bool Has(string field) => _values.ContainsKey(field);

    public string Text(string field) => Value(field) is { } value ? TextOf(value, Name(field)) : "";

    public bool Flag(string field) => Value(field) is { } value && FlagOf(value, Name(field));

    public long Number(string field)
    {
        if (Value(field) is not { } value)
        {
            return 0;
        }

        return value.Text is not null && ScalarTyping.Resolve(value, YamlSchema.Json) is (ScalarKind.Number, { } json) && json.TryGetValue<long>(out var number)
            ? number
            : throw Invalid(value, "Detail_KustomizeType", Name(field), "a whole number");
    }

    /// <summary>The items of a list, each with its field for errors.</summary>
    public IEnumerable<(YamlNode Node, string Path)> Items(string field) => Value(field) switch
    {
        null => [],
        { Items: { } items } => items.Select((item, index) => (item, $"{Name(field)}[{index}]")),
        var other => throw Invalid(other, "Detail_KustomizeType", Name(field), "a list"),
    };

    public IReadOnlyList<FileReference> Texts(string field) => [.. Items(field).Select(item => new FileReference(TextOf(item.Node, item.Path), File, item.Node, item.Path))];

    public IReadOnlyList<FieldReader> Sections(string field, params string[][] known) => [.. Items(field).Select(item => new FieldReader(File, item.Node, item.Path, known))];

    public FieldReader? Section(string field, params string[][] known) => Value(field) is { } value ? new FieldReader(File, value, Name(field), known) : null;

    public Dictionary<string, string> TextMap(string field) => Map(field, TextOf);

    public Dictionary<string, bool> FlagMap(string field) => Map(field, FlagOf);

    public HomelabException Invalid(string field, string detail, params ReadOnlySpan<object?> arguments) => Invalid(Value(field) ?? Node, detail, arguments);

    public HomelabException Invalid(YamlNode node, string detail, params ReadOnlySpan<object?> arguments) =>
        Errors.KustomizationInvalid(File, node.Line, node.Column, Errors.Text(detail, arguments));

    public string Name(string field) => Path.Length == 0 ? field : $"{Path}.{field}";

    private static bool IsKnown(string? name, ReadOnlySpan<string[]> known)
    {
        foreach (var list in known)
        {
            if (Array.Exists(list, field => field.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNull(YamlNode node) => node.Text is not null && ScalarTyping.Resolve(node, YamlSchema.Json).Kind == ScalarKind.Null;

    private Dictionary<string, T> Map<T>(string field, Func<YamlNode, string, T> read)
    {
        var result = new Dictionary<string, T>(StringComparer.Ordinal);
        if (Value(field) is { } value)
        {
            foreach (var (key, entry) in value.Entries ?? throw Invalid(value, "Detail_KustomizeType", Name(field), "a mapping"))
            {
                result[key.Text ?? ""] = read(entry, $"{Name(field)}.{key.Text}");
            }
        }

        return result;
    }

    private string TextOf(YamlNode node, string path)
    {
        var value = node.Text is null ? null : ScalarTyping.Resolve(node, YamlSchema.Json).Json;
        return value is null
            ? node.Text is not null && IsNull(node) ? "" : throw Invalid(node, "Detail_KustomizeType", path, "text")
            : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Invalid(node, "Detail_KustomizeQuotes", path, node.Text);
    }

    private bool FlagOf(YamlNode node, string path)
    {
        var kind = node.Text is null ? JsonValueKind.Undefined : ScalarTyping.Resolve(node, YamlSchema.Json).Json?.GetValueKind();
        return kind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or null => false,
            _ => throw Invalid(node, "Detail_KustomizeType", path, "true or false"),
        };
    }
}
