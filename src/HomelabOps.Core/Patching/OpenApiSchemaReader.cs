using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>Reads <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c> and <c>-map-type</c> of a custom resource's schema.</summary>
internal static class OpenApiSchemaReader
{
    private const string Prefix = "x-kubernetes-";

    /// <summary>The schema of a whole custom resource: its metadata is the built-in one, whatever it says.</summary>
    public static PatchSchema Kind(JsonObject openApi)
    {
        var schema = Object(openApi);
        var fields = schema.Fields.Where(field => field.Key != "metadata").Append(new("metadata", BuiltInSchemas.Metadata));
        return new PatchSchema(schema.Name, fields, schema.IsAtomic, schema.Values);
    }

    private static PatchSchema Object(JsonObject openApi)
    {
        if (IsTrue(openApi, "embedded-resource"))
        {
            openApi = (JsonObject)openApi.DeepClone();
            openApi.Remove(Prefix + "embedded-resource");
            return Kind(openApi);
        }

        var fields = (openApi["properties"] as JsonObject ?? [])
            .Where(property => property.Value is JsonObject)
            .Select(property => KeyValuePair.Create(property.Key, Field((JsonObject)property.Value!)));
        var values = openApi["additionalProperties"] is JsonObject value ? Field(value) : null;

        // Of what has no fields at all nothing can be owned apart.
        var isFree = IsTrue(openApi, "preserve-unknown-fields") && values is null && openApi["properties"] is null;
        return new PatchSchema("", fields, isFree || Text(openApi, "map-type") == "atomic", values);
    }

    private static PatchField Field(JsonObject openApi)
    {
        if (openApi["items"] is not JsonObject items)
        {
            return new PatchField { Schema = Object(openApi) };
        }

        var keys = openApi[Prefix + "list-map-keys"] as JsonArray ?? [];
        return new PatchField
        {
            Schema = Object(items),
            List = Text(openApi, "list-type") switch { "map" => ListKind.Map, "set" => ListKind.Set, _ => ListKind.Atomic },
            Keys = [.. keys.Select(key => key!.GetValue<string>()).Select(key => new ListKey(key, items["properties"]?[key]?["default"]))],
        };
    }

    private static bool IsTrue(JsonObject openApi, string marker) => openApi[Prefix + marker] is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private static string? Text(JsonObject openApi, string marker) => (openApi[Prefix + marker] as JsonValue)?.GetValue<string>();
}
