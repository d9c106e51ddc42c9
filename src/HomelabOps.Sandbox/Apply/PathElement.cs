using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>One step of a path in <c>fieldsV1</c>, in the form in which it is stored there: <c>f:name</c>, <c>k:{"name":"x"}</c>, <c>v:"x"</c> or <c>i:0</c>.</summary>
internal readonly record struct PathElement
{
    // Names of Kubernetes stay readable: + and < are not escaped there either.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SearchValues<char> PlainLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    /// <summary>The order in which sets keep and messages name them.</summary>
    public static readonly Comparer<PathElement> Order = Comparer<PathElement>.Create((left, right) => string.CompareOrdinal(left.Text, right.Text));

    private PathElement(string text) => Text = text;

    public string Text { get; }

    /// <summary>The name of a field, or null for an element of a list.</summary>
    public string? FieldName => Text.StartsWith("f:", StringComparison.Ordinal) ? Text[2..] : null;

    public static PathElement Field(string name) => new("f:" + name);

    public static PathElement Value(JsonNode? value) => new("v:" + Json(value));

    /// <summary>An element of a list that is known by keys; null when it has none of a key and the key no default.</summary>
    public static PathElement? Item(JsonNode? item, IReadOnlyList<ListKey> keys, out string? missing)
    {
        missing = null;
        var text = new StringBuilder("k:{");
        foreach (var key in keys.Count == 1 ? keys : [.. keys.OrderBy(key => key.Name, StringComparer.Ordinal)])
        {
            if ((item?[key.Name] ?? key.Default) is not { } value)
            {
                missing = key.Name;
                return null;
            }

            text.Append(text.Length > 3 ? "," : "").Append('"').Append(key.Name).Append("\":").Append(Json(value));
        }

        return new(text.Append('}').ToString());
    }

    /// <summary>Reads the stored form; null for what is none.</summary>
    public static PathElement? Parse(string text)
    {
        if (text.Length < 2 || text[1] != ':')
        {
            return null;
        }

        try
        {
            return text[0] switch
            {
                'f' or 'i' => new(text),
                'v' or 'k' when IsPlain(text) => new(text),
                'v' => Value(JsonNode.Parse(text[2..])),
                'k' when JsonNode.Parse(text[2..]) is JsonObject keys =>
                    new("k:" + Json(new JsonObject(keys.OrderBy(key => key.Key, StringComparer.Ordinal).Select(key => KeyValuePair.Create(key.Key, key.Value?.DeepClone()))))),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The form that messages use: <c>.spec</c>, <c>[name="x"]</c>, <c>[="x"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => Text[0] switch
    {
        'f' => "." + Text[2..],
        'k' => $"[{string.Join(',', JsonNode.Parse(Text[2..])!.AsObject().Select(key => $"{key.Key}={Json(key.Value)}"))}]",
        'v' => $"[={Text[2..]}]",
        _ => $"[{Text[2..]}]",
    };

    // One text without a character that could be written in another way, as most lists have it: nothing to bring into form.
    private static bool IsPlain(string text)
    {
        var value = text.AsSpan(2);
        if (text[0] == 'k')
        {
            var colon = value.IndexOf(':');
            if (colon < 0 || value[0] != '{' || value[^1] != '}' || !IsPlain(value[1..colon]))
            {
                return false;
            }

            value = value[(colon + 1)..^1];
        }

        return IsPlain(value);
    }

    private static bool IsPlain(ReadOnlySpan<char> quoted) => quoted.Length > 2 && quoted[0] == '"' && quoted[^1] == '"' && !quoted[1..^1].ContainsAnyExcept(PlainLetters);

    private static string Json(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";
}
