using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>What is to be written: a scalar of a type, or a collection of such.</summary>
internal sealed class YamlValue
{
    private YamlValue()
    {
    }

    public static YamlValue Null { get; } = new() { Kind = ScalarKind.Null, Scalar = "null" };

    /// <summary>The type of a scalar.</summary>
    public ScalarKind Kind { get; private init; }

    /// <summary>A scalar's text; null for a collection.</summary>
    public string? Scalar { get; private init; }

    public IReadOnlyList<YamlValue>? Items { get; private init; }

    public IReadOnlyList<KeyValuePair<string, YamlValue>>? Entries { get; private init; }

    public static YamlValue Text(string text) => new() { Kind = ScalarKind.Text, Scalar = text };

    /// <summary>A number, as JSON writes it.</summary>
    public static YamlValue Number(string text) => new() { Kind = ScalarKind.Number, Scalar = text };

    public static YamlValue Number(long number) => Number(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static YamlValue Boolean(bool value) => new() { Kind = ScalarKind.Boolean, Scalar = value ? "true" : "false" };

    public static YamlValue Mapping(params IEnumerable<KeyValuePair<string, YamlValue>> entries) => new() { Entries = [.. entries] };

    public static YamlValue Sequence(params IEnumerable<YamlValue> items) => new() { Items = [.. items] };

    /// <summary>The same value as JSON has it.</summary>
    public static YamlValue Of(JsonNode? json) => json switch
    {
        null => Null,
        JsonObject mapping => Mapping(mapping.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        JsonArray array => Sequence(array.Select(Of)),
        _ => json.GetValueKind() switch
        {
            JsonValueKind.Number => Number(json.ToJsonString()),
            JsonValueKind.True => Boolean(true),
            JsonValueKind.False => Boolean(false),
            JsonValueKind.Null => Null,
            _ => Text(json.GetValue<string>()),
        },
    };

    /// <summary>This value below keys that are not there yet.</summary>
    public YamlValue Below(IEnumerable<object> steps) =>
        steps.Reverse().Aggregate(this, (value, step) => step is string key ? Mapping(KeyValuePair.Create(key, value)) : Sequence(value));
}
