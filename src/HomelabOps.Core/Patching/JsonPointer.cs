using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>A place in a document, as RFC 6901 writes it: <c>/spec/containers/0/name</c>.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _tokens;

    private JsonPointer(string text, string[] tokens)
    {
        Text = text;
        _tokens = tokens;
    }

    public string Text { get; }

    public bool IsRoot => _tokens.Length == 0;

    public string Last => _tokens[^1];

    /// <summary>Null for a text that is no pointer.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length > 0 && text[0] != '/')
        {
            return null;
        }

        var tokens = text.Split('/')[1..];
        return Array.Exists(tokens, HasBadEscape) ? null : new JsonPointer(text, Array.ConvertAll(tokens, Unescape));
    }

    public static string Escape(string token) => token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>True when the other place lies inside of this one.</summary>
    public bool Contains(JsonPointer other) =>
        other._tokens.Length > _tokens.Length && other._tokens.AsSpan(0, _tokens.Length).SequenceEqual(_tokens);

    /// <summary>The value at this place; <paramref name="found"/> tells a null from nothing.</summary>
    public JsonNode? Find(JsonNode? document, out bool found) => Walk(document, _tokens, out found);

    /// <summary>The object or array that holds this place, or null.</summary>
    public JsonNode? FindParent(JsonNode? document) => Walk(document, _tokens.AsSpan(0, _tokens.Length - 1), out _);

    /// <summary>The index that a token stands for, or null: no sign, no leading zero.</summary>
    public static int? Index(string token) =>
        (token == "0" || token is [>= '1' and <= '9', ..]) && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static JsonNode? Walk(JsonNode? node, ReadOnlySpan<string> tokens, out bool found)
    {
        found = true;
        foreach (var token in tokens)
        {
            switch (node)
            {
                case JsonObject map when map.TryGetPropertyValue(token, out var value):
                    node = value;
                    break;
                case JsonArray list when Index(token) is { } index && index < list.Count:
                    node = list[index];
                    break;
                default:
                    found = false;
                    return null;
            }
        }

        return node;
    }

    private static string Unescape(string token) => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static bool HasBadEscape(string token)
    {
        for (var at = token.IndexOf('~', StringComparison.Ordinal); at >= 0; at = token.IndexOf('~', at + 1))
        {
            if (at + 1 == token.Length || token[at + 1] is not ('0' or '1'))
            {
                return true;
            }
        }

        return false;
    }
}
