using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>What is wrong with one field of an object.</summary>
internal sealed record FieldError(string Field, string Reason, string Message)
{
    public static FieldError Required(string field, string detail = "") => new(field, "FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Invalid(string field, JsonNode? value, string detail) => new(field, "FieldValueInvalid", $"Invalid value: {Show(value)}: {detail}");

    /// <summary>A value of another type than it should have.</summary>
    public static FieldError TypeInvalid(string field, JsonNode? value, string detail) => new(field, "FieldValueTypeInvalid", $"Invalid value: {Show(value)}: {detail}");

    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(item => $"\"{item}\""))}");

    public static FieldError Forbidden(string field, string detail) => new(field, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError Duplicate(string field, JsonNode? value) => new(field, "FieldValueDuplicate", $"Duplicate value: {Show(value)}");

    public static FieldError NotFound(string field, JsonNode? value) => new(field, "FieldValueNotFound", $"Not found: {Show(value)}");

    public static FieldError TooLong(string field, int limit) => new(field, "FieldValueTooLong", $"Too long: may not be more than {limit} bytes");

    public static FieldError TooMany(string field, int count, int limit) => new(field, "FieldValueTooMany", $"Too many: {count}: must have at most {limit} items");

    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";

    // As Go prints it: lists and maps of texts with their type.
    private static string Show(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray { Count: > 0 } items when items.All(IsText) => $"[]string{{{string.Join(", ", items.Select(Json))}}}",
        JsonObject { Count: > 0 } map when map.All(field => IsText(field.Value)) => $"map[string]string{{{string.Join(", ", map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{Json(field.Key)}:{Json(field.Value)}"))}}}",
        _ => Json(value),
    };

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String;

    private static string Json(JsonNode? value) => System.Text.Encoding.UTF8.GetString(ObjectJson.ToBytes(value!));
}
