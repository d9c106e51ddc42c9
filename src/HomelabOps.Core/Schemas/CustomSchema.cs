using System.Text.Json.Nodes;

namespace HomelabOps.Core.Schemas;

/// <summary>Reads the schema of a CustomResourceDefinition.</summary>
internal static class CustomSchema
{
    public static Schema Read(JsonObject source)
    {
        var additional = source["additionalProperties"];
        return new()
        {
            Type = (string?)source["type"] ?? "",
            Format = (string?)source["format"] ?? "",
            IntOrString = Flag(source, "x-kubernetes-int-or-string"),
            Nullable = Flag(source, "nullable"),
            PreserveUnknown = Flag(source, "x-kubernetes-preserve-unknown-fields") || (additional is JsonValue open && (bool)open),
            Embedded = Flag(source, "x-kubernetes-embedded-resource"),
            PropertySource = () => (source["properties"] as JsonObject ?? []).ToDictionary(field => field.Key, field => Read(field.Value!.AsObject()), StringComparer.Ordinal),
            AdditionalProperties = additional is JsonObject values ? Read(values) : null,
            Items = source["items"] is JsonObject items ? Read(items) : null,
            Required = Texts(source["required"]),
            Enum = source["enum"] as JsonArray,
            Default = source["default"],
            Source = source,
            ListType = (string?)source["x-kubernetes-list-type"],
            ListMapKeys = Texts(source["x-kubernetes-list-map-keys"]),
        };
    }

    private static bool Flag(JsonObject source, string name) => (bool?)source[name] == true;

    private static string[] Texts(JsonNode? node) => node is JsonArray items ? [.. items.Select(item => (string)item!)] : [];
}
