using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold for what config maps and secrets contain.</summary>
internal static class DataValidation
{
    private const int Limit = 1024 * 1024;

    public static void Check(string kind, JsonObject node, List<FieldError> errors)
    {
        var size = 0;
        foreach (var part in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            foreach (var (key, value) in node[part] as JsonObject ?? [])
            {
                Key(part, key, errors);
                if (part == "data" && node["binaryData"] is JsonObject bytes && bytes.ContainsKey(key))
                {
                    errors.Add(FieldError.Invalid($"{part}[{key}]", key, "duplicate of key present in binaryData"));
                }

                size += Size(kind, part, (string?)value ?? "");
            }
        }

        if (size > Limit)
        {
            errors.Add(FieldError.TooLong(kind == "Secret" ? "data" : "", Limit));
        }

        if (kind == "Secret")
        {
            SecretKeys(node, errors);
        }
    }

    private static void Key(string part, string key, List<FieldError> errors)
    {
        if (NameRules.CheckKey(key) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{part}[{key}]", key, wrong));
        }
    }

    private static int Size(string kind, string part, string value)
    {
        if (kind != "Secret" && part == "data")
        {
            return System.Text.Encoding.UTF8.GetByteCount(value);
        }

        return Base64Text.LengthOf(value) ?? throw ApiErrors.BadRequest($"{kind} in version \"v1\" cannot be handled as a {kind}: illegal base64 data at input byte 0");
    }

    private static void SecretKeys(JsonObject node, List<FieldError> errors)
    {
        var (type, data) = ((string?)node["type"] ?? "", node["data"] as JsonObject ?? []);
        errors.AddRange(SecretTypes.Keys(type).Where(key => !data.ContainsKey(key)).Select(key => FieldError.Required($"data[{key}]")));
        if (type == "kubernetes.io/basic-auth" && !data.ContainsKey("username") && !data.ContainsKey("password"))
        {
            errors.Add(FieldError.Required("data[username]"));
            errors.Add(FieldError.Required("data[password]"));
        }
    }
}
