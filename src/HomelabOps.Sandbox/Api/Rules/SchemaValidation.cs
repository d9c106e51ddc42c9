using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Holds an object against its schema: all that a custom one says, and the required fields of built-in kinds.</summary>
internal static class SchemaValidation
{
    // What is absent of these is 0 or nothing to the real server, and the rules of the kind say what is wrong with that.
    private static readonly HashSet<string> TellThemselves = new(["V1HTTPGetAction", "V1TCPSocketAction", "V1ServicePort", "V1PolicyRule", "V1HorizontalPodAutoscalerSpec", "V2HorizontalPodAutoscalerSpec"], StringComparer.Ordinal);

    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    public static void Validate(JsonObject node, Schema? schema, List<FieldError> errors)
    {
        if (schema is null)
        {
            return;
        }

        foreach (var required in schema.Required.Where(name => node[name] is null))
        {
            errors.Add(FieldError.Required(required));
        }

        foreach (var (name, value) in node)
        {
            if (name is not ("apiVersion" or "kind" or "metadata" or "status") || (name == "status" && schema.Source is not null))
            {
                Check(value, schema.Properties.GetValueOrDefault(name), name, errors);
            }
        }
    }

    private static void Check(JsonNode? value, Schema? schema, string path, List<FieldError> errors)
    {
        if (schema is null || (value is null && schema.Nullable))
        {
            return;
        }

        if (schema.Source is { } source)
        {
            if (!HasType(value, schema))
            {
                errors.Add(FieldError.TypeInvalid(path, TypeName(value), $"{path} in body must be of type {schema.Type}: \"{TypeName(value)}\""));
                return;
            }

            CheckValue(value, source, path, errors);
            CheckAlternatives(value, source, path, errors);
            if (schema.Enum is { } allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
            {
                errors.Add(FieldError.NotSupported(path, value, allowed.Select(item => item?.ToString() ?? "null")));
            }
        }

        switch (value)
        {
            case JsonObject node:
                CheckRequired(node, schema, path, errors);
                foreach (var (name, item) in node)
                {
                    var property = schema.Properties.GetValueOrDefault(name);
                    if ((property ?? schema.AdditionalProperties) is { } inner)
                    {
                        Check(item, inner, property is null && schema.Source is null ? $"{path}[{name}]" : $"{path}.{name}", errors);
                    }
                }

                break;
            case JsonArray items:
                for (var index = 0; schema.Items is not null && index < items.Count; index++)
                {
                    Check(items[index], schema.Items, $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", errors);
                }

                CheckKeys(items, schema, path, errors);
                break;
        }
    }

    private static void CheckRequired(JsonObject node, Schema schema, string path, List<FieldError> errors)
    {
        foreach (var name in TellThemselves.Contains(schema.TypeName ?? "") ? [] : schema.Required)
        {
            if (!node.TryGetPropertyValue(name, out var field) || (field is null && schema.Source is null))
            {
                errors.Add(FieldError.Required($"{path}.{name}"));
            }
        }
    }

    private static bool HasType(JsonNode? value, Schema schema) => schema switch
    {
        { IntOrString: true } => Kind(value) is JsonValueKind.String or JsonValueKind.Number,
        { Type: "object" } => value is JsonObject,
        { Type: "array" } => value is JsonArray,
        { Type: "string" } => Kind(value) == JsonValueKind.String,
        { Type: "boolean" } => Kind(value) is JsonValueKind.True or JsonValueKind.False,
        { Type: "integer" } => Kind(value) == JsonValueKind.Number && double.IsInteger(Number(value!)),
        { Type: "number" } => Kind(value) == JsonValueKind.Number,
        _ => true,
    };

    private static void CheckValue(JsonNode? value, JsonObject source, string path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonObject node:
                Compare(node.Count, source, "minProperties", "maxProperties", path, "should have at {0} {1} properties", value, errors);
                break;
            case JsonArray items:
                Compare(items.Count, source, "minItems", "maxItems", path, "should have at {0} {1} items", value, errors);
                break;
            case JsonValue when Kind(value) == JsonValueKind.String:
                var text = (string)value!;
                Compare(text.EnumerateRunes().Count(), source, "minLength", "maxLength", path, "should be at {0} {1} chars long", value, errors);
                if ((string?)source["pattern"] is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, PatternLimit))
                {
                    errors.Add(FieldError.Invalid(path, value, $"{path} in body should match '{pattern}'"));
                }

                if ((string?)source["format"] is { } format && !TextFormats.Holds(format, text))
                {
                    errors.Add(FieldError.Invalid(path, value, $"{path} in body must be of type {format}: \"{text}\""));
                }

                break;
            case JsonValue when Kind(value) == JsonValueKind.Number:
                CheckNumber(Number(value), source, value, path, errors);
                break;
        }
    }

    private static void Compare(int count, JsonObject source, string least, string most, string path, string text, JsonNode value, List<FieldError> errors)
    {
        if (Numbers.Whole(source[least]) is { } minimum && count < minimum)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body {string.Format(CultureInfo.InvariantCulture, text, "least", minimum)}"));
        }

        if (Numbers.Whole(source[most]) is { } maximum && count > maximum)
        {
            errors.Add(most == "maxItems"
                ? FieldError.TooMany(path, count, (int)maximum)
                : FieldError.Invalid(path, value, $"{path} in body {string.Format(CultureInfo.InvariantCulture, text, "most", maximum)}"));
        }
    }

    private static void CheckNumber(double number, JsonObject source, JsonNode value, string path, List<FieldError> errors)
    {
        if (source["minimum"] is { } least && ((bool?)source["exclusiveMinimum"] == true ? number <= Number(least) : number < Number(least)))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be greater than {((bool?)source["exclusiveMinimum"] == true ? "" : "or equal to ")}{least}"));
        }

        if (source["maximum"] is { } most && ((bool?)source["exclusiveMaximum"] == true ? number >= Number(most) : number > Number(most)))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be less than {((bool?)source["exclusiveMaximum"] == true ? "" : "or equal to ")}{most}"));
        }

        if (source["multipleOf"] is { } factor && !double.IsInteger(number / Number(factor)))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be a multiple of {factor}"));
        }
    }

    private static void CheckAlternatives(JsonNode? value, JsonObject source, string path, List<FieldError> errors)
    {
        foreach (var part in (source["allOf"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Check(value, CustomSchema.Read(part), path, errors);
        }

        if (source["anyOf"] is JsonArray any && !any.OfType<JsonObject>().Any(part => Holds(value, part)))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must validate at least one schema (anyOf)"));
        }

        if (source["oneOf"] is JsonArray one && one.OfType<JsonObject>().Count(part => Holds(value, part)) != 1)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must validate one and only one schema (oneOf)"));
        }

        if (source["not"] is JsonObject not && Holds(value, not))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must not validate the schema (not)"));
        }
    }

    private static bool Holds(JsonNode? value, JsonObject source)
    {
        var errors = new List<FieldError>();
        Check(value, CustomSchema.Read(source), "", errors);
        return errors.Count == 0;
    }

    private static void CheckKeys(JsonArray items, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.ListType is not ("map" or "set"))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < items.Count; index++)
        {
            var key = schema.ListType == "set" ? items[index] : new JsonObject(schema.ListMapKeys.Select(name => KeyValuePair.Create(name, items[index]?[name]?.DeepClone())));
            if (!seen.Add(key?.ToJsonString() ?? "null"))
            {
                errors.Add(FieldError.Duplicate($"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", key));
            }
        }
    }

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string TypeName(JsonNode? value) => Kind(value) switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => double.IsInteger(Number(value!)) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
