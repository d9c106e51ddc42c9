using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>Reads <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c> and <c>-map-type</c> of a custom resource's schema.</summary>
internal static class OpenApiSchemaReader
{
    private const string Prefix = "x-kubernetes-";

    private static readonly PatchSchema Free = PatchSchema.OfFreeKeys();

    /// <summary>The schema of a whole custom resource: its metadata is the built-in one, whatever it says.</summary>
    public static PatchSchema Kind(JsonObject openApi) => Kind(openApi, isOpen: false);

    private static PatchSchema Kind(JsonObject openApi, bool isOpen)
    {
        var schema = Object(openApi, isOpen);
        var fields = schema.Fields.Where(field => field.Key != "metadata").Append(new("metadata", BuiltInSchemas.Metadata));
        return new PatchSchema(schema.Name, fields, schema.IsAtomic, schema.Values);
    }

    // Open is what hangs anywhere below an object that has fields and keeps unknown ones too.
    private static PatchSchema Object(JsonObject openApi, bool isOpen)
    {
        if (IsTrue(openApi, "embedded-resource"))
        {
            openApi = (JsonObject)openApi.DeepClone();
            openApi.Remove(Prefix + "embedded-resource");
            return Kind(openApi, isOpen);
        }

        var keepsUnknown = IsTrue(openApi, "preserve-unknown-fields");
        if (openApi["properties"] is not JsonObject properties)
        {
            // Of what has no fields at all nothing can be owned apart, unless it hangs below something open.
            var values = openApi["additionalProperties"] is JsonObject value ? Field(value, isOpen) : null;
            return values is null && isOpen ? Free : new PatchSchema("", [], (keepsUnknown && values is null) || IsAtomic(openApi), values);
        }

        isOpen |= keepsUnknown;
        var fields = properties.Where(property => property.Value is JsonObject).Select(property => KeyValuePair.Create(property.Key, Field((JsonObject)property.Value!, isOpen)));
        return new PatchSchema("", fields, IsAtomic(openApi), isOpen ? new PatchField { Schema = Free } : null);
    }

    private static PatchField Field(JsonObject openApi, bool isOpen)
    {
        if (openApi["items"] is not JsonObject items)
        {
            return new PatchField { Schema = Object(openApi, isOpen) };
        }

        var keys = openApi[Prefix + "list-map-keys"] as JsonArray ?? [];
        return new PatchField
        {
            Schema = Object(items, isOpen),
            List = Text(openApi, "list-type") switch { "map" => ListKind.Map, "set" => ListKind.Set, _ => ListKind.Atomic },
            Keys = [.. keys.Select(key => key!.GetValue<string>()).Select(key => new ListKey(key, items["properties"]?[key]?["default"]))],
        };
    }

    private static bool IsAtomic(JsonObject openApi) => Text(openApi, "map-type") == "atomic";

    private static bool IsTrue(JsonObject openApi, string marker) => openApi[Prefix + marker] is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private static string? Text(JsonObject openApi, string marker) => (openApi[Prefix + marker] as JsonValue)?.GetValue<string>();
}
