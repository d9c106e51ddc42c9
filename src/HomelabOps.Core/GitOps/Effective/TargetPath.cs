using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>
/// Sets what a source of values gives to one path, as Flux does: by the rules of Helm's <c>--set</c>. So indexes, lists between braces and
/// several pairs are understood, and a text that looks like a whole number, true, false or null is one.
/// </summary>
internal sealed class TargetPath
{
    private const int End = -1;

    // As many as Helm allows.
    private const int LongestList = 65536;
    private const int DeepestKey = 30;

    private readonly string _text;
    private readonly bool _isTyped;
    private readonly bool _isLiteral;
    private int _at;

    private TargetPath(string text, bool isTyped, bool isLiteral) => (_text, _isTyped, _isLiteral) = (text, isTyped, isLiteral);

    /// <summary>Sets a value.</summary>
    /// <param name="values">The values so far.</param>
    /// <param name="path">The path.</param>
    /// <param name="value">The text of the source; between quotes it stays a text.</param>
    /// <param name="isLiteral">Takes all of it as it is.</param>
    /// <returns>The values with it; null where Helm refuses it.</returns>
    public static JsonObject? Set(JsonObject values, string path, string value, bool isLiteral)
    {
        var isQuoted = !isLiteral && ((value.StartsWith('\'') && value.EndsWith('\'')) || (value.StartsWith('"') && value.EndsWith('"')));
        var target = new TargetPath($"{path}={(isQuoted ? value.Trim('\'', '"') : value)}", !isQuoted && !isLiteral, isLiteral);
        var copy = (JsonObject)values.DeepClone();
        try
        {
            while (target.Key(copy, 0))
            {
            }

            return copy;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // False when there is nothing more.
    private bool Key(JsonObject map, int depth)
    {
        var (key, last) = Until("=[,.");
        switch (last)
        {
            case '[':
                var list = map[key] is null ? [] : map[key] as JsonArray ?? throw new FormatException();
                var (changed, isMore) = Item((JsonArray)list.DeepClone(), Index(), depth);
                Put(map, key, changed);
                return isMore;
            case '=':
                var (value, goesOn) = Value();
                Put(map, key, value);
                return goesOn;
            case '.' when depth < DeepestKey:
                var inner = map.ContainsKey(key) ? map[key] as JsonObject ?? throw new FormatException() : [];
                inner = (JsonObject)inner.DeepClone();
                var further = Key(inner, depth + 1);
                Put(map, key, inner);
                return further;
            case End when key.Length == 0:
                return false;
            default:
                throw new FormatException();
        }
    }

    private (JsonArray List, bool GoesOn) Item(JsonArray list, int index, int depth)
    {
        var (rest, last) = Until("[.=");
        if (rest.Length > 0 || last == End)
        {
            throw new FormatException();
        }

        var present = index < list.Count ? list[index]?.DeepClone() : null;
        var (value, goesOn) = last switch
        {
            '=' => Value(),
            '[' => Nested(present is null ? [] : present as JsonArray ?? throw new FormatException(), depth),
            _ => Inner(present as JsonObject ?? [], depth),
        };
        while (list.Count <= index)
        {
            list.Add(null);
        }

        list[index] = value;
        return (list, goesOn);
    }

    private (JsonNode? Value, bool GoesOn) Nested(JsonArray list, int depth) => Item(list, Index(), depth);

    private (JsonNode? Value, bool GoesOn) Inner(JsonObject map, int depth)
    {
        var goesOn = Key(map, depth);
        return (map, goesOn);
    }

    private int Index()
    {
        var (text, last) = Until("]");
        return last == ']' && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) && index is >= 0 and <= LongestList ? index : throw new FormatException();
    }

    private (JsonNode? Value, bool GoesOn) Value()
    {
        if (_isLiteral)
        {
            var all = _text[_at..];
            _at = _text.Length;
            return (all, false);
        }

        if (_at < _text.Length && _text[_at] == '{')
        {
            _at++;
            return List();
        }

        var (text, last) = Until(",");
        return (Typed(text), last != End);
    }

    private (JsonNode? Value, bool GoesOn) List()
    {
        var list = new JsonArray();
        while (true)
        {
            var (text, last) = Until(",}");
            if (last == End)
            {
                throw new FormatException();
            }

            list.Add(Typed(text));
            if (last == '}')
            {
                _at += _at < _text.Length && _text[_at] == ',' ? 1 : 0;
                return (list, true);
            }
        }
    }

    private (string Text, int Last) Until(string ends)
    {
        var text = new StringBuilder();
        while (_at < _text.Length)
        {
            var letter = _text[_at++];
            if (ends.Contains(letter, StringComparison.Ordinal))
            {
                return (text.ToString(), letter);
            }

            if (letter == '\\')
            {
                if (_at == _text.Length)
                {
                    return (text.ToString(), End);
                }

                letter = _text[_at++];
            }

            text.Append(letter);
        }

        return (text.ToString(), End);
    }

    private JsonValue? Typed(string text) => !_isTyped ? JsonValue.Create(text)
        : text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null
        : text.Equals("true", StringComparison.OrdinalIgnoreCase) ? JsonValue.Create(true)
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? JsonValue.Create(false)
        : (text == "0" || (text.Length > 0 && text[0] != '0')) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private static void Put(JsonObject map, string key, JsonNode? value)
    {
        if (key.Length > 0)
        {
            map[key] = value;
        }
    }
}
