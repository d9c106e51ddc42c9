using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold for what config maps and secrets contain.</summary>
internal static class DataValidation
{
    private const int Limit = 1024 * 1024;

    // Types of secrets that mean something, and the keys that they must have.
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
    };

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
        if (key.Length == 0 || !key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            errors.Add(FieldError.Invalid($"{part}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        }
    }

    private static int Size(string kind, string part, string value)
    {
        if (kind != "Secret" && part == "data")
        {
            return System.Text.Encoding.UTF8.GetByteCount(value);
        }

        return Base64.IsValid(value, out var length) ? length : throw ApiErrors.BadRequest($"{kind} in version \"v1\" cannot be handled as a {kind}: illegal base64 data at input byte 0");
    }

    private static void SecretKeys(JsonObject node, List<FieldError> errors)
    {
        var (type, data) = ((string?)node["type"] ?? "", node["data"] as JsonObject ?? []);
        errors.AddRange(Keys.GetValueOrDefault(type, []).Where(key => !data.ContainsKey(key)).Select(key => FieldError.Required($"data[{key}]")));
        if (type == "kubernetes.io/basic-auth" && !data.ContainsKey("username") && !data.ContainsKey("password"))
        {
            errors.Add(FieldError.Required("data[username]"));
            errors.Add(FieldError.Required("data[password]"));
        }
    }
}
