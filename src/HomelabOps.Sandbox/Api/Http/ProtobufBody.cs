using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>
/// Reads bodies in Kubernetes' protobuf, in which kubectl sends what it makes itself (create, auth, drain). Answers are JSON: each
/// such client takes both. The shape of the types is that of the models, the numbers of the fields are in protobuf-a.txt and -b.txt.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    // Numbers and flags that are no pointers in Go, so that zero and false say nothing.
    private static readonly FrozenSet<string> PlainNumbers = new[]
    {
        "containerPort", "count", "failureThreshold", "generation", "hostPort", "initialDelaySeconds", "minReadySeconds", "nodePort", "observedGeneration", "periodSeconds", "port", "successThreshold", "timeoutSeconds", "value", "weight",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> PlainFlags = new[]
    {
        "globalDefault", "hostIPC", "hostNetwork", "hostPID", "paused", "publishNotReadyAddresses", "readOnly", "stdin", "stdinOnce", "tty", "unschedulable", "manualSelector",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Magic))
        {
            throw ApiErrors.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        try
        {
            var (apiVersion, kind, raw) = ReadEnvelope(body[Magic.Length..]);
            var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
            var schema = ModelSchemas.Find(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], kind)
                ?? (kind == "DeleteOptions" ? ModelSchemas.DeleteOptions : throw ApiErrors.BadRequest($"no kind \"{kind}\" is registered for version \"{apiVersion}\""));
            var node = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
            ReadMessage(raw, schema, ProtobufNumbers.Of(schema.TypeName!), node);
            return node;
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentOutOfRangeException or InvalidDataException)
        {
            throw ApiErrors.BadRequest("unable to decode the protobuf body: " + error.Message);
        }
    }

    private static (string ApiVersion, string Kind, byte[] Raw) ReadEnvelope(ReadOnlySpan<byte> data)
    {
        var (apiVersion, kind, raw) = ("", "", Array.Empty<byte>());
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var type = new ProtobufReader(reader.Bytes);
                while (type.Next())
                {
                    var text = Encoding.UTF8.GetString(type.Bytes);
                    (apiVersion, kind) = type.Field == 1 ? (text, kind) : (apiVersion, text);
                }
            }
            else if (reader.Field == 2)
            {
                raw = reader.Bytes.ToArray();
            }
        }

        return (apiVersion, kind, raw);
    }

    private static void ReadMessage(ReadOnlySpan<byte> data, Schema schema, ProtobufNumbers numbers, JsonObject node)
    {
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            if (numbers.Find(reader.Field) is not { } field)
            {
                continue;
            }

            if (!schema.Properties.TryGetValue(field.Name, out var property))
            {
                // Its fields lie in this type itself.
                if (field.Inline is not null)
                {
                    ReadMessage(reader.Bytes, schema, ProtobufNumbers.Of("V1" + field.Inline), node);
                }

                continue;
            }

            switch (property)
            {
                case { Type: "array", Items: { } element }:
                    if (node[field.Name] is not JsonArray items)
                    {
                        items = [];
                        node[field.Name] = items;
                    }

                    items.Add(ReadValue(ref reader, element));
                    break;
                case { Type: "object", AdditionalProperties: { } values }:
                    if (node[field.Name] is not JsonObject map)
                    {
                        map = [];
                        node[field.Name] = map;
                    }

                    ReadEntry(reader.Bytes, values, map);
                    break;
                default:
                    if (ReadValue(ref reader, property) is { } value && !IsUnset(field.Name, value))
                    {
                        node[field.Name] = value;
                    }

                    break;
            }
        }
    }

    // Fields that cannot be absent in Go are sent empty; in JSON they would have been left out.
    private static bool IsUnset(string name, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => ((string)value!).Length == 0 && name != "storageClassName",
        JsonValueKind.Number => PlainNumbers.Contains(name) && Store.Numbers.Whole(value) == 0,
        JsonValueKind.False => PlainFlags.Contains(name),
        _ => false,
    };

    private static void ReadEntry(ReadOnlySpan<byte> data, Schema values, JsonObject map)
    {
        var (key, value) = ("", (JsonNode?)null);
        var entry = new ProtobufReader(data);
        while (entry.Next())
        {
            if (entry.Field == 1)
            {
                key = Encoding.UTF8.GetString(entry.Bytes);
            }
            else
            {
                value = values.Type == "array" ? ReadStrings(entry.Bytes) : ReadValue(ref entry, values);
            }
        }

        map[key] = value ?? (values.Type == "string" ? JsonValue.Create("") : null);
    }

    private static JsonArray ReadStrings(ReadOnlySpan<byte> data)
    {
        var items = new JsonArray();
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            items.Add(Encoding.UTF8.GetString(reader.Bytes));
        }

        return items;
    }

    private static JsonNode? ReadValue(ref ProtobufReader reader, Schema schema)
    {
        switch (schema)
        {
            case { Format: "quantity" }:
                return ReadStrings(reader.Bytes) is [var amount] ? amount?.DeepClone() : "0";
            case { IntOrString: true }:
                return ReadIntOrString(reader.Bytes);
            case { Format: "date-time" }:
                return ReadTime(reader.Bytes);
            case { Format: "byte" }:
                return Convert.ToBase64String(reader.Bytes);
            case { Type: "string" }:
                return Encoding.UTF8.GetString(reader.Bytes);
            case { Type: "boolean" }:
                return reader.Number != 0;
            case { Type: "integer" }:
                return (long)reader.Number;
            case { Type: "object", TypeName: { } name }:
                var node = new JsonObject();
                ReadMessage(reader.Bytes, schema, ProtobufNumbers.Of(name), node);
                return node;
            case { PreserveUnknown: true }:
                // Raw JSON, as in the data of a ControllerRevision or the fields of a manager.
                var raw = new ProtobufReader(reader.Bytes);
                return raw.Next() ? JsonNode.Parse(raw.Bytes) : null;
            default:
                throw new InvalidDataException($"a value of type {schema.Type} {schema.Format}");
        }
    }

    private static JsonValue ReadIntOrString(ReadOnlySpan<byte> data)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number == 1;
                    break;
                case 2:
                    number = (long)reader.Number;
                    break;
                default:
                    text = Encoding.UTF8.GetString(reader.Bytes);
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    // A time that is not set is an empty message.
    private static JsonValue? ReadTime(ReadOnlySpan<byte> data)
    {
        var (seconds, nanos) = (0L, 0L);
        var reader = new ProtobufReader(data);
        while (reader.Next())
        {
            (seconds, nanos) = reader.Field == 1 ? ((long)reader.Number, nanos) : (seconds, (long)reader.Number);
        }

        if (seconds == 0 && nanos == 0)
        {
            return null;
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return JsonValue.Create(nanos == 0 ? Timestamps.Format(time) : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }
}
