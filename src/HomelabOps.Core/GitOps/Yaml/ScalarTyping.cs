using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>Decides what a scalar means, as the YAML libraries of kustomize and Flux do.</summary>
internal static partial class ScalarTyping
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    /// <summary>The type and value of a scalar node.</summary>
    public static (ScalarKind Kind, JsonValue? Json) Resolve(YamlNode node, YamlSchema schema)
    {
        var text = node.Text!;
        var tag = node.Tag is { } written && written.StartsWith(TagPrefix, StringComparison.Ordinal) ? written[TagPrefix.Length..] : node.Tag;
        switch (tag)
        {
            case null:
                return node.IsPlain ? ResolvePlain(text, schema) : OfText(text);
            case "binary":
                return Decode(text) is { } decoded ? OfText(decoded) : (ScalarKind.Invalid, null);
            case "int" or "float" or "bool" or "null":
                var plain = ResolvePlain(text, schema);
                var expected = tag switch { "bool" => ScalarKind.Boolean, "null" => ScalarKind.Null, _ => ScalarKind.Number };
                return plain.Kind != expected || (tag == "int" && plain.Json!.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E')) ? (ScalarKind.Invalid, null) : plain;
            default:
                return OfText(text);
        }
    }

    /// <summary>The type and value of a text without quotes and tag.</summary>
    public static (ScalarKind Kind, JsonValue? Json) ResolvePlain(string text, YamlSchema schema)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            return (ScalarKind.Null, null);
        }

        if (Boolean(text, schema) is { } boolean)
        {
            return (ScalarKind.Boolean, JsonValue.Create(boolean));
        }

        var first = text[0];
        if (first == '.')
        {
            return text is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN" ? (ScalarKind.Invalid, null) : Float(text) ?? OfText(text);
        }

        if (!char.IsAsciiDigit(first) && first is not ('+' or '-'))
        {
            return OfText(text);
        }

        if (text.Length > 1 && text[1..] is ".inf" or ".Inf" or ".INF")
        {
            return (ScalarKind.Invalid, null);
        }

        if (Timestamp().IsMatch(text) && Time(text) is { } time)
        {
            return OfText(schema == YamlSchema.Manifest ? time : text);
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        return (Integer(digits) is { } integer ? OfInteger(integer, digits) : Float(digits)) ?? OfText(text);
    }

    /// <summary>Whether a plain text is a date or a time.</summary>
    public static bool IsTimestamp(string text) => Timestamp().IsMatch(text) && Time(text) is not null;

    private static (ScalarKind Kind, JsonValue? Json) OfText(string text) => (ScalarKind.Text, JsonValue.Create(text));

    private static bool? Boolean(string text, YamlSchema schema) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" when schema == YamlSchema.Json => true,
        "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" when schema == YamlSchema.Json => false,
        _ => null,
    };

    private static (ScalarKind Kind, JsonValue? Json)? OfInteger(BigInteger value, string digits) => value switch
    {
        _ when value >= long.MinValue && value <= long.MaxValue => (ScalarKind.Number, JsonValue.Create((long)value)),
        _ when value.Sign > 0 && value <= ulong.MaxValue => (ScalarKind.Number, JsonValue.Create((ulong)value)),
        _ => Float(digits) ?? OfText(digits),
    };

    // A text that JSON could have written is kept to the letter: 1.10 stays 1.10 where it is copied into a string.
    private static (ScalarKind Kind, JsonValue? Json)? Float(string text)
    {
        if (!FloatPattern().IsMatch(text) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return null;
        }

        return (ScalarKind.Number, JsonFloat().IsMatch(text) ? JsonNode.Parse(text)!.AsValue() : JsonValue.Create(value));
    }

    private static BigInteger? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        var (radix, body) = digits switch
        {
            ['0', 'x' or 'X', .. var rest] => (16, rest),
            ['0', 'b' or 'B', .. var rest] => (2, rest),
            ['0', 'o' or 'O', .. var rest] => (8, rest),
            ['0', _, ..] => (8, digits[1..]),
            _ => (10, digits),
        };
        if (body.Length == 0)
        {
            return null;
        }

        BigInteger value = 0;
        foreach (var character in body)
        {
            var digit = char.IsAsciiHexDigit(character) ? System.Convert.ToInt32(character.ToString(), 16) : int.MaxValue;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return negative ? -value : value;
    }

    private static string? Time(string text)
    {
        // Go's layouts: a date alone, or date and time with T, t or spaces, with Z, an offset or nothing.
        var normalized = Spaces().Replace(text.Replace('t', 'T'), "T", 1).Replace(" ", "", StringComparison.Ordinal);
        string[] formats = ["yyyy-M-d", "yyyy-M-d'T'H:m:s.FFFFFFFK", "yyyy-M-d'T'H:m:sK", "yyyy-M-d'T'H:m:s.FFFFFFFzz", "yyyy-M-d'T'H:m:szz"];
        if (!DateTimeOffset.TryParseExact(normalized, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return null;
        }

        var written = time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return written + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
    }

    private static string? Decode(string text)
    {
        var buffer = new byte[text.Length];
        return System.Convert.TryFromBase64String(text, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length) : null;
    }

    [GeneratedRegex(@"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatPattern();

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonFloat();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"(?<=^\S{8,10})[ \t]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spaces();
}
