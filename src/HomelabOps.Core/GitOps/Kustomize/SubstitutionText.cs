using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>
/// Writes an object as the YAML in which Flux substitutes variables. Which strings have quotes there decides what a value
/// becomes: a plain <c>${PORT}</c> turns into a number, within quotes it stays text.
/// </summary>
internal static partial class SubstitutionText
{
    private const string Indicators = "#,[]{}&*!|>'\"%@`";

    public static string Write(JsonObject body)
    {
        var text = new StringBuilder();
        WriteMapping(text, body, 0);
        return text.ToString();
    }

    private static void WriteMapping(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(' ', indent).Append(Scalar(key, indent, isKey: true)).Append(':');
            WriteValue(text, value, indent);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                WriteMapping(text, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                WriteList(text, list, indent);
                break;
            default:
                text.Append(' ').Append(Leaf(value, indent)).Append('\n');
                break;
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } map)
            {
                var inner = new StringBuilder();
                WriteMapping(inner, map, indent + 2);
                text.Append(' ').Append(inner.ToString().AsSpan(indent + 2));
            }
            else if (item is JsonArray { Count: > 0 } nested)
            {
                var inner = new StringBuilder();
                WriteList(inner, nested, indent + 2);
                text.Append(' ').Append(inner.ToString().AsSpan(indent + 2));
            }
            else
            {
                text.Append(' ').Append(Leaf(item, indent)).Append('\n');
            }
        }
    }

    private static string Leaf(JsonNode? value, int indent) => value switch
    {
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Scalar(scalar.GetValue<string>(), indent, isKey: false),
        _ => value?.ToJsonString() ?? "null",
    };

    private static string Scalar(string value, int indent, bool isKey)
    {
        if (value.Any(IsSpecial))
        {
            return Double(value);
        }

        if (value.Contains('\n', StringComparison.Ordinal))
        {
            return isKey || SpaceBreak().IsMatch(value) || value.EndsWith(' ') ? Double(value) : Block(value, indent + 2);
        }

        if (!IsText(value))
        {
            return Double(value);
        }

        return MayBePlain(value) ? value : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    // Whether a reader of YAML 1.1 would take it for text without quotes.
    private static bool IsText(string value) =>
        value != "<<" && !Base60().IsMatch(value) && !ScalarTyping.IsTimestamp(value) && ScalarTyping.ResolvePlain(value, YamlSchema.Json).Kind == ScalarKind.Text;

    private static bool MayBePlain(string value)
    {
        if (value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal) || value[0] == ' ' || value[^1] == ' ' || Indicators.Contains(value[0], StringComparison.Ordinal))
        {
            return false;
        }

        for (var index = 0; index < value.Length; index++)
        {
            var isBeforeSpace = index == value.Length - 1 || value[index + 1] is ' ' or '\t';
            if ((value[index] == ':' && isBeforeSpace)
                || (index == 0 && value[index] is ('-' or '?') && isBeforeSpace)
                || (index > 0 && value[index] == '#' && value[index - 1] is (' ' or '\t')))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSpecial(char character) =>
        character is (< ' ' and not '\n') or (>= '\x7f' and < '\xa0' and not '\x85') or '\uFEFF' or '\u2028' or '\u2029' or '\x85';

    private static string Block(string value, int indent)
    {
        var result = new StringBuilder("|");
        if (value[0] is ' ' or '\n')
        {
            result.Append('2');
        }

        result.Append(value[^1] != '\n' ? "-" : value.Length == 1 || value[^2] == '\n' ? "+" : "");
        foreach (var line in (value[^1] == '\n' ? value[..^1] : value).Split('\n'))
        {
            result.Append('\n');
            if (line.Length > 0)
            {
                result.Append(' ', indent).Append(line);
            }
        }

        return result.ToString();
    }

    private static string Double(string value)
    {
        var result = new StringBuilder("\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' or '\\' => result.Append('\\').Append(character),
                '\n' => result.Append("\\n"),
                '\t' => result.Append("\\t"),
                '\r' => result.Append("\\r"),
                _ when IsSpecial(character) => result.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture)),
                _ => result.Append(character),
            };
        }

        return result.Append('"').ToString();
    }

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Base60();

    [GeneratedRegex(" \n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SpaceBreak();
}
