using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>The OpenAPI version 2 document of all that is served, made of those of version 3. Clients from before 1.27 need it to apply, diff and explain.</summary>
internal static class SwaggerDocument
{
    private static readonly string[] Copied = ["type", "format", "description", "required", "x-kubernetes-group-version-kind", "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"];

    public static JsonObject Of(JsonObject info, IEnumerable<JsonObject> documents)
    {
        var (paths, definitions) = (new JsonObject(), new JsonObject());
        foreach (var document in documents)
        {
            foreach (var (path, item) in document["paths"]!.AsObject())
            {
                paths[path] = new JsonObject(item!.AsObject().Select(operation => KeyValuePair.Create<string, JsonNode?>(operation.Key, Operation(operation.Value!.AsObject()))));
            }

            foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            {
                definitions[name] = Schema(schema!.AsObject());
            }
        }

        return new() { ["swagger"] = "2.0", ["info"] = info, ["paths"] = paths, ["definitions"] = definitions };
    }

    private static JsonObject Operation(JsonObject operation)
    {
        var result = new JsonObject
        {
            ["operationId"] = operation["operationId"]!.DeepClone(),
            ["parameters"] = new JsonArray([.. operation["parameters"]!.AsArray().Select(parameter => Parameter(parameter!.AsObject()))]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        };
        foreach (var name in (ReadOnlySpan<string>)["x-kubernetes-action", "x-kubernetes-group-version-kind"])
        {
            result[name] = operation[name]!.DeepClone();
        }

        return result;
    }

    private static JsonObject Parameter(JsonObject parameter) => new()
    {
        ["name"] = parameter["name"]!.DeepClone(),
        ["in"] = parameter["in"]!.DeepClone(),
        ["type"] = parameter["schema"]!["type"]!.DeepClone(),
    };

    private static JsonObject Schema(JsonObject schema)
    {
        var result = new JsonObject();
        foreach (var name in Copied)
        {
            if (schema[name] is { } value)
            {
                result[name] = value.DeepClone();
            }
        }

        if (schema["allOf"] is JsonArray and [JsonObject only, ..] && (string?)only["$ref"] is { } reference)
        {
            result["$ref"] = reference.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        }
        else if (schema["oneOf"] is not null && schema["type"] is null)
        {
            result["type"] = "string";
        }

        // What version 2 has no words for is left open, or an old client would refuse what is right.
        if (IsTrue(schema, "x-kubernetes-preserve-unknown-fields") || IsTrue(schema, "x-kubernetes-int-or-string") || IsTrue(schema, "nullable"))
        {
            result.Remove("type");
            result.Remove("format");
            result.Remove("required");
            return result;
        }

        AddParts(schema, result);
        return result;
    }

    private static void AddParts(JsonObject schema, JsonObject result)
    {
        if (schema["properties"] is JsonObject properties)
        {
            result["properties"] = new JsonObject(properties.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, Schema(field.Value!.AsObject()))));
        }

        if (schema["items"] is JsonObject items)
        {
            result["items"] = Schema(items);
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            result["additionalProperties"] = Schema(values);
        }
    }

    private static bool IsTrue(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
