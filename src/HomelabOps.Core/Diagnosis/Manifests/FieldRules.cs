using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Holds an object against a schema: what an API server refuses of fields, types, words and limits.</summary>
internal static class FieldRules
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    /// <summary>What does not fit. Status is not looked at, since nobody applies it.</summary>
    public static IEnumerable<FieldIssue> Check(JsonObject item, Schema schema) => Whole(item, schema, []);

    private static IEnumerable<FieldIssue> Whole(JsonObject item, Schema schema, string[] path) =>
        item.Where(field => field.Key is not ("apiVersion" or "kind" or "status" or "sops")).SelectMany(field => field.Key == "metadata"
            ? Value(field.Value, ModelSchemas.ObjectMeta, [.. path, "metadata"])
            : Field(field.Key, field.Value, schema, path)).Concat(Missing(item, schema, path));

    private static IEnumerable<FieldIssue> Field(string name, JsonNode? value, Schema schema, string[] path)
    {
        string[] place = [.. path, name];
        return schema.Properties.TryGetValue(name, out var property) ? Value(value, property, place)
            : schema.AdditionalProperties is { } values ? Value(value, values, place)
            : schema.PreserveUnknown ? []
            : [new("FieldUnknown", place, "")];
    }

    private static IEnumerable<FieldIssue> Value(JsonNode? value, Schema schema, string[] path)
    {
        // Null stands for nothing; a variable and what SOPS encrypted can become anything.
        if (value is null || (value.GetValueKind() == JsonValueKind.String && ObjectText.IsUnknown(value.GetValue<string>())))
        {
            return [];
        }

        if (!Fits(value, schema))
        {
            return [new("FieldInvalid", path, $"it must be {Name(schema)}, not {Name(value)}")];
        }

        var own = Limits(value, schema).Select(detail => new FieldIssue("FieldInvalid", path, detail));
        return own.Concat(value switch
        {
            JsonObject map when schema.Embedded => Whole(map, schema, path),
            JsonObject map when schema.Type == "object" || schema.Properties.Count > 0 => map.SelectMany(field => Field(field.Key, field.Value, schema, path)).Concat(Missing(map, schema, path)),
            JsonArray list when schema.Items is { } items => list.SelectMany((item, index) => Value(item, items, [.. path, index.ToString(CultureInfo.InvariantCulture)])),
            _ => [],
        });
    }

    // What has a default need not be written.
    private static IEnumerable<FieldIssue> Missing(JsonObject map, Schema schema, string[] path) => schema.Required
        .Where(name => map[name] is null && name is not ("apiVersion" or "kind" or "metadata" or "status") && schema.Properties.GetValueOrDefault(name)?.Default is null)
        .Select(name => new FieldIssue("FieldMissing", [.. path, name], ""));

    private static bool Fits(JsonNode value, Schema schema) => schema switch
    {
        { IntOrString: true } => value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number,
        { Type: "object" } => value is JsonObject,
        { Type: "array" } => value is JsonArray,
        { Type: "string" } => value.GetValueKind() == JsonValueKind.String,
        { Type: "boolean" } => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        { Type: "integer" } => value.GetValueKind() == JsonValueKind.Number && double.IsInteger(Number(value)),
        { Type: "number" } => value.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };

    private static IEnumerable<string> Limits(JsonNode value, Schema schema)
    {
        if (schema.Enum is { } words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            yield return $"'{Scalars.Text(value)}' is not one of {string.Join(", ", words.Select(word => word?.ToString() ?? "null"))}";
        }

        if (Format(value, schema) is { } problem)
        {
            yield return problem;
        }

        if (schema.Source is not { } source)
        {
            yield break;
        }

        switch (value)
        {
            case JsonArray list when Beyond(list.Count, source, "minItems", "maxItems") is { } items:
                yield return $"it has {Counted.Of(list.Count, "item")}, and may have {items}";
                break;
            case JsonObject map when Beyond(map.Count, source, "minProperties", "maxProperties") is { } keys:
                yield return $"it has {Counted.Of(map.Count, "key")}, and may have {keys}";
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.Number && Beyond(Number(value), source, "minimum", "maximum") is { } range:
                yield return $"{value.ToJsonString()} is not {range}";
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                if (Beyond(text.EnumerateRunes().Count(), source, "minLength", "maxLength") is { } length)
                {
                    yield return $"it is {Counted.Of(text.EnumerateRunes().Count(), "character")} long, and may have {length}";
                }
                else if (Scalars.Text(source["pattern"]) is { } pattern && !Matches(text, pattern))
                {
                    yield return $"'{text}' does not match {pattern}";
                }

                break;
        }
    }

    // Never the value of bytes: those of a Secret are among them.
    private static string? Format(JsonNode value, Schema schema) => schema switch
    {
        { Format: "quantity" } when Quantity.ParseStrict(Scalars.Text(value)) is null => $"'{Scalars.Text(value)}' is no quantity such as 250m, 1.5 or 1Gi",
        { Format: "byte" } when Base64Text.LengthOf(value.GetValue<string>()) is null => "it is no base64; text goes into stringData",
        _ => null,
    };

    private static string? Beyond(double value, JsonObject source, string least, string most)
    {
        var (minimum, maximum) = (source[least] is { } low ? Number(low) : double.NegativeInfinity, source[most] is { } high ? Number(high) : double.PositiveInfinity);
        return value >= minimum && value <= maximum ? null
            : FormattableString.Invariant($"{(double.IsInfinity(minimum) ? "" : $"at least {minimum}")}{(double.IsInfinity(minimum) || double.IsInfinity(maximum) ? "" : " and ")}{(double.IsInfinity(maximum) ? "" : $"at most {maximum}")}");
    }

    // Kubernetes' expressions are Go's. One that .NET does not understand, or takes too long over, proves nothing.
    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.None, PatternLimit);
        }
        catch (Exception error) when (error is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Name(Schema schema) => schema switch
    {
        { IntOrString: true } => "a number or text",
        { Type: "object" } => "a mapping",
        { Type: "array" } => "a list",
        { Type: "string" } => "text",
        { Type: "boolean" } => "true or false",
        { Type: "integer" } => "a whole number",
        _ => "a number",
    };

    // Never the value itself: it may be a password that lacks its quotes.
    private static string Name(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number; put it in quotes if it is text",
        _ => "true or false; put it in quotes if it is text",
    };
}
