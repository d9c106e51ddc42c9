using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Reads YAML bodies, such as those of server-side apply, by the rules that sigs.k8s.io/yaml has: YAML 1.1 for words, JSON for what comes out.</summary>
internal static class YamlBody
{
    public static JsonNode? Read(byte[] body)
    {
        if (ReadJson(body) is { } node)
        {
            return node;
        }

        try
        {
            using var text = new StreamReader(new MemoryStream(body));
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            return ReadNode(parser, new(StringComparer.Ordinal));
        }
        catch (YamlException error)
        {
            throw ApiErrors.BadRequest($"error converting YAML to JSON: yaml: line {error.Start.Line.ToString(CultureInfo.InvariantCulture)}: {error.Message}");
        }
    }

    // Most clients send JSON, which is YAML as well and is read much faster. What is wrong with any other is said of it as YAML.
    private static JsonNode? ReadJson(byte[] body)
    {
        if (body is not [(byte)'{', ..])
        {
            return null;
        }

        try
        {
            var duplicates = new List<string>();
            var node = BodyReader.Read(body, duplicates, keepsDigits: false);
            return duplicates.Count == 0 ? node : null;
        }
        catch (ApiException)
        {
            return null;
        }
    }

    private static JsonNode? ReadNode(Parser parser, Dictionary<string, JsonNode?> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.GetValueOrDefault(alias.Value.Value)?.DeepClone();
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Remember(anchors, scalar.Anchor, ReadScalar(scalar));
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, anchors));
            }

            return Remember(anchors, sequence.Anchor, items);
        }

        var mapping = parser.Consume<MappingStart>();
        var node = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            node[key] = ReadNode(parser, anchors);
        }

        return Remember(anchors, mapping.Anchor, node);
    }

    private static JsonNode? Remember(Dictionary<string, JsonNode?> anchors, AnchorName anchor, JsonNode? node)
    {
        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = node;
        }

        return node;
    }

    private static JsonValue? ReadScalar(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || !scalar.IsPlainImplicit)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && (text.Length == 1 || text[0] != '0') => JsonValue.Create(whole),
            _ when char.IsAsciiDigit(text[^1]) && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '.') && text.Count(character => character == '.') <= 1
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
