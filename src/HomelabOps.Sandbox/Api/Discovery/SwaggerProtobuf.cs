using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>Writes an OpenAPI version 2 document in protobuf, the only form in which kubectl reads it. The numbers are those of the package openapi.v2.</summary>
internal static class SwaggerProtobuf
{
    /// <summary>What clients ask for.</summary>
    public const string MediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>What they are told: an @ is not allowed in a media type, and Go refuses it.</summary>
    public const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private const int Name = 1;
    private const int Value = 2;
    private const int OperationExtension = 13;
    private const int SchemaExtension = 31;

    private static readonly Dictionary<string, int> Methods = new(StringComparer.Ordinal) { ["get"] = 2, ["put"] = 3, ["post"] = 4, ["delete"] = 5, ["patch"] = 8 };

    public static byte[] Of(JsonObject document)
    {
        var writer = new ProtobufWriter();
        writer.Text(1, (string?)document["swagger"]);
        writer.Message(2, info =>
        {
            info.Text(1, (string?)document["info"]!["title"]);
            info.Text(2, (string?)document["info"]!["version"]);
        });
        writer.Message(8, paths => Named(paths, 2, document["paths"]!.AsObject(), Path));
        writer.Message(9, definitions => Named(definitions, 1, document["definitions"]!.AsObject(), Schema));
        return writer.ToArray();
    }

    private static void Path(ProtobufWriter writer, JsonObject path)
    {
        foreach (var (method, operation) in path)
        {
            writer.Message(Methods[method], inner => Operation(inner, operation!.AsObject()));
        }
    }

    private static void Operation(ProtobufWriter writer, JsonObject operation)
    {
        writer.Text(5, (string?)operation["operationId"]);
        foreach (var parameter in operation["parameters"]!.AsArray())
        {
            // A parameter that is not in the body, and of those one in the query.
            writer.Message(8, item => item.Message(1, choice => choice.Message(2, other => other.Message(3, query =>
            {
                query.Text(2, (string?)parameter!["in"]);
                query.Text(4, (string?)parameter["name"]);
                query.Text(6, (string?)parameter["type"]);
            }))));
        }

        writer.Message(9, responses => Named(responses, 1, operation["responses"]!.AsObject(), static (value, response) => value.Message(1, inner => inner.Text(1, (string?)response["description"]))));
        Extensions(writer, OperationExtension, operation);
    }

    private static void Schema(ProtobufWriter writer, JsonObject schema)
    {
        writer.Text(1, (string?)schema["$ref"]);
        writer.Text(2, (string?)schema["format"]);
        writer.Text(4, (string?)schema["description"]);
        foreach (var field in schema["required"] as JsonArray ?? [])
        {
            writer.Text(19, (string?)field);
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            writer.Message(21, item => item.Message(1, inner => Schema(inner, values)));
        }

        if (schema["type"] is { } type)
        {
            writer.Message(22, item => item.Text(1, (string?)type));
        }

        if (schema["items"] is JsonObject items)
        {
            writer.Message(23, item => item.Message(1, inner => Schema(inner, items)));
        }

        if (schema["properties"] is JsonObject properties)
        {
            writer.Message(25, inner => Named(inner, 1, properties, Schema));
        }

        Extensions(writer, SchemaExtension, schema);
    }

    private static void Extensions(ProtobufWriter writer, int field, JsonObject owner)
    {
        foreach (var (name, value) in owner.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            writer.Message(field, entry =>
            {
                entry.Text(Name, name);

                // Any value as YAML, which JSON is too.
                entry.Message(Value, any => any.Text(2, System.Text.Encoding.UTF8.GetString(ObjectJson.ToBytes(value!))));
            });
        }
    }

    private static void Named(ProtobufWriter writer, int field, JsonObject map, Action<ProtobufWriter, JsonObject> write)
    {
        foreach (var (name, value) in map)
        {
            writer.Message(field, entry =>
            {
                entry.Text(Name, name);
                entry.Message(Value, inner => write(inner, value!.AsObject()));
            });
        }
    }
}
