using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Puts in the defaults that a custom kind's schema declares.</summary>
internal static class SchemaDefaults
{
    public static void Apply(JsonObject node, Schema? schema)
    {
        if (schema?.Source is not null)
        {
            Fill(node, schema);
        }
    }

    private static void Fill(JsonNode? node, Schema schema)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, property) in schema.Properties)
                {
                    // Null counts as absent where it is not allowed.
                    var present = fields.TryGetPropertyValue(name, out var value) && (value is not null || property.Nullable);
                    if (!present && property.Default is not null)
                    {
                        fields[name] = value = property.Default.DeepClone();
                    }
                    else if (!present && fields.ContainsKey(name))
                    {
                        fields.Remove(name);
                    }

                    Fill(value, property);
                }

                if (schema.AdditionalProperties is { } values)
                {
                    foreach (var (name, value) in fields.ToArray())
                    {
                        if (!schema.Properties.ContainsKey(name))
                        {
                            Fill(value, values);
                        }
                    }
                }

                break;
            case JsonArray items when schema.Items is { } element:
                foreach (var item in items)
                {
                    Fill(item, element);
                }

                break;
        }
    }
}
