using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>Takes fields away that a kind does not have, as decoding into a type does.</summary>
internal sealed class FieldPruning(KindVersion version, bool typed)
{
    // Where it is: names of fields, and for elements of lists their index, which is negative for fields. Paths are made of it only for what is wrong.
    private readonly List<string> _names = [];
    private readonly List<int> _indexes = [];

    // Metadata is of a type also where the rest is not.
    private bool _isTyped = typed;

    /// <summary>Paths of what was taken away.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Prunes a whole object: its metadata is that of all kinds.</summary>
    public void Object(JsonObject node, Schema schema)
    {
        for (var index = 0; index < node.Count; index++)
        {
            var (name, value) = node.GetAt(index);
            if (name is "apiVersion" or "kind")
            {
                continue;
            }

            Enter(name, -1);
            if (name == "metadata")
            {
                Metadata(value as JsonObject ?? throw Mismatch(value, ModelSchemas.ObjectMeta));
            }
            else if (!Field(name, value, schema))
            {
                node.RemoveAt(index--);
            }

            Leave();
        }
    }

    private void Metadata(JsonObject metadata)
    {
        var isTyped = _isTyped;
        _isTyped = true;
        Value(metadata, ModelSchemas.ObjectMeta);
        _isTyped = isTyped;
    }

    // False where it is to be taken away.
    private bool Field(string name, JsonNode? value, Schema schema)
    {
        if (schema.Properties.TryGetValue(name, out var property))
        {
            if (value is null && _isTyped)
            {
                return false;
            }

            Value(value, property);
            return true;
        }

        if (schema.AdditionalProperties is { } values)
        {
            Value(value, values);
            return true;
        }

        if (!schema.PreserveUnknown)
        {
            Unknown.Add(Path());
        }

        return schema.PreserveUnknown;
    }

    private void Value(JsonNode? value, Schema schema)
    {
        if (_isTyped && value is not null && !Fits(value, schema))
        {
            throw Mismatch(value, schema);
        }

        switch (value)
        {
            case JsonObject embedded when schema.Embedded:
                Object(embedded, schema);
                break;
            case JsonObject node when schema.Type is "object" || schema.Properties.Count > 0:
                for (var index = 0; index < node.Count; index++)
                {
                    var (name, item) = node.GetAt(index);
                    Enter(name, -1);
                    if (!Field(name, item, schema))
                    {
                        node.RemoveAt(index--);
                    }

                    Leave();
                }

                break;
            case JsonArray items when schema.Items is { } element:
                for (var index = 0; index < items.Count; index++)
                {
                    Enter("", index);
                    Value(items[index], element);
                    Leave();
                }

                break;
        }
    }

    private void Enter(string name, int index)
    {
        _names.Add(name);
        _indexes.Add(index);
    }

    private void Leave()
    {
        _names.RemoveAt(_names.Count - 1);
        _indexes.RemoveAt(_indexes.Count - 1);
    }

    private string Path()
    {
        var path = new StringBuilder();
        for (var level = 0; level < _names.Count; level++)
        {
            if (_indexes[level] >= 0)
            {
                path.Append('[').Append(_indexes[level]).Append(']');
            }
            else
            {
                path.Append(level == 0 ? "" : ".").Append(_names[level]);
            }
        }

        return path.ToString();
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

    private ApiException Mismatch(JsonNode? value, Schema schema)
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
        return new(400, "BadRequest", $"{version.Kind} in version \"{version.Name}\" cannot be handled as a {version.Kind}: json: cannot unmarshal {found} into Go struct field {version.Kind}.{Path()} of type {wanted}")
        {
            Misfit = Misfit(value, schema, wanted),
        };
    }

    // A strategic merge patch leaves fields without type, which are then put into the type one by one.
    private static string Misfit(JsonNode? value, Schema schema, string? wanted)
    {
        var found = value?.GetValueKind() switch
        {
            JsonValueKind.Object => "map",
            JsonValueKind.Array => "slice",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny(".eE") ? "float64" : "int64",
            _ => "bool",
        };
        return schema switch
        {
            { TypeName: not null } => $"cannot restore struct from: {found}",
            { Type: "array" } => $"cannot restore slice from {found}",
            { Type: "object" } => $"cannot restore map from {found}",
            { IntOrString: true } => $"json: cannot unmarshal {(found == "map" ? "object" : found == "slice" ? "array" : found)} into Go value of type int32",
            { Type: "integer" or "string" } when found is "int64" or "float64" => $"cannot convert {found} to {wanted}",
            _ => $"unrecognized type: {wanted}",
        };
    }
}
