using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>Takes fields away that a kind does not have, as decoding into a type does.</summary>
internal sealed class FieldPruning(KindVersion version, bool typed)
{
    /// <summary>Paths of what was taken away.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Prunes a whole object: its metadata is that of all kinds.</summary>
    public void Object(JsonObject node, Schema schema, string path = "")
    {
        foreach (var (name, value) in node.ToArray())
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            switch (name)
            {
                case "apiVersion" or "kind":
                    break;
                case "metadata" when value is JsonObject metadata:
                    new FieldPruning(version, typed: true) { Shared = Unknown }.Value(metadata, ModelSchemas.ObjectMeta, inner);
                    break;
                case "metadata":
                    throw Mismatch(inner, value, ModelSchemas.ObjectMeta);
                default:
                    Field(node, name, value, schema, inner);
                    break;
            }
        }
    }

    private List<string>? Shared { get; init; }

    private void Field(JsonObject owner, string name, JsonNode? value, Schema schema, string path)
    {
        if (schema.Properties.TryGetValue(name, out var property))
        {
            if (value is null && typed)
            {
                owner.Remove(name);
                return;
            }

            Value(value, property, path);
        }
        else if (schema.AdditionalProperties is { } values)
        {
            Value(value, values, path);
        }
        else if (!schema.PreserveUnknown)
        {
            (Shared ?? Unknown).Add(path);
            owner.Remove(name);
        }
    }

    private void Value(JsonNode? value, Schema schema, string path)
    {
        if (typed && value is not null && !Fits(value, schema))
        {
            throw Mismatch(path, value, schema);
        }

        switch (value)
        {
            case JsonObject embedded when schema.Embedded:
                Object(embedded, schema, path);
                break;
            case JsonObject node when schema.Type is "object" || schema.Properties.Count > 0:
                foreach (var (name, item) in node.ToArray())
                {
                    Field(node, name, item, schema, $"{path}.{name}");
                }

                break;
            case JsonArray items when schema.Items is { } element:
                for (var index = 0; index < items.Count; index++)
                {
                    Value(items[index], element, $"{path}[{index}]");
                }

                break;
        }
    }

    private static bool Fits(JsonNode value, Schema schema) => schema switch
    {
        { IntOrString: true } => value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number,
        { Type: "object" } => value is JsonObject,
        { Type: "array" } => value is JsonArray,
        { Type: "string" } => value.GetValueKind() == JsonValueKind.String,
        { Type: "boolean" } => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        { Type: "integer", Source: null, Format: "int32" } => value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        { Type: "integer" } => value.GetValueKind() == JsonValueKind.Number && double.IsInteger(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        { Type: "number" } => value.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };

    private ApiException Mismatch(string path, JsonNode? value, Schema schema)
    {
        var found = value?.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => schema.Type == "integer" ? $"number {value.ToJsonString()}" : "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => "null",
        };
        var wanted = schema switch
        {
            { Type: "integer", Format: var format } => format,
            { Type: "boolean" } => "bool",
            { Type: "number" } => "float64",
            { TypeName: { } name } => name,
            { Type: "array" } => "[]" + (schema.Items?.TypeName ?? schema.Items?.Type ?? "interface {}"),
            { Type: "object" } => "map[string]" + (schema.AdditionalProperties?.Type ?? "interface {}"),
            _ => schema.Type,
        };
        return ApiErrors.BadRequest($"{version.Kind} in version \"{version.Name}\" cannot be handled as a {version.Kind}: json: cannot unmarshal {found} into Go struct field {version.Kind}.{path} of type {wanted}");
    }
}
