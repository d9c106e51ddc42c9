using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>From the bytes of a request to an object of its kind.</summary>
internal static class ObjectBody
{
    private const int LongestShown = 1024;
    private static readonly string[] MediaTypes = ["application/json", "application/yaml", ProtobufBody.MediaType];

    /// <summary>Reads any document.</summary>
    public static JsonNode? Parse(byte[] body, string contentType, List<string> duplicates) => contentType switch
    {
        "" or "application/json" => BodyReader.Read(body, duplicates),
        "application/yaml" => YamlBody.Read(body),
        ProtobufBody.MediaType => ProtobufBody.Read(body),
        _ => throw ApiErrors.UnsupportedMediaType(contentType, MediaTypes),
    };

    /// <summary>Reads an object of the kind that the path names.</summary>
    public static JsonObject ParseObject(byte[] body, string contentType, KindVersion version, CallOptions options)
    {
        var duplicates = new List<string>();
        JsonNode? parsed;
        try
        {
            parsed = Parse(body, contentType, duplicates);
        }
        catch (ApiException error) when (error.Code == 400 && contentType is "" or "application/json")
        {
            throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {version.Kind}): couldn't get version/kind; json parse error: {error.Message} ({Shown(body)})");
        }

        // For Go, null is an object without fields.
        if ((parsed ?? new JsonObject()) is not JsonObject node)
        {
            throw ApiErrors.BadRequest($"couldn't get version/kind; json parse error: the body is not an object: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 60)))}");
        }

        CheckType(node, version);
        Check(node, version, options, duplicates);
        return node;
    }

    /// <summary>The type of a body must be the path's. Nothing said is fine.</summary>
    public static void CheckType(JsonObject node, KindVersion version)
    {
        var (apiVersion, kind) = (Text(node, "apiVersion"), Text(node, "kind"));
        if (kind.Length == 0 && version.Group.Length > 0 && !version.HasStatus && apiVersion.Length > 0)
        {
            throw ApiErrors.BadRequest("Object 'Kind' is missing in the body");
        }

        if (version.Schema is { Source: null } && kind.Length > 0 && (kind != version.Kind || (apiVersion.Length > 0 && apiVersion != version.ApiVersion)))
        {
            throw ApiErrors.BadRequest(Unconvertible(apiVersion.Length == 0 ? version.ApiVersion : apiVersion, kind, version));
        }

        if ((apiVersion.Length > 0 && apiVersion != version.ApiVersion) || (kind.Length > 0 && kind != version.Kind))
        {
            var sent = GroupVersionKind(apiVersion.Length == 0 ? version.ApiVersion : apiVersion, kind.Length == 0 ? version.Kind : kind);
            throw ApiErrors.BadRequest($"{version.Kind} in version \"{version.Name}\" cannot be handled as a {version.Kind}: the kind in the body ({sent}) does not match the expected {GroupVersionKind(version.ApiVersion, version.Kind)}");
        }

        node["apiVersion"] = version.ApiVersion;
        node["kind"] = version.Kind;
    }

    /// <summary>Takes unknown fields away, or refuses them, as the client wishes.</summary>
    public static void Check(JsonObject node, KindVersion version, CallOptions options, IReadOnlyList<string> duplicates)
    {
        var pruning = new FieldPruning(version, typed: version.Schema?.Source is null);
        if (version.Schema is { } schema)
        {
            pruning.Object(node, schema);
        }

        if (options.FieldValidation == "Ignore")
        {
            return;
        }

        var problems = duplicates.Select(path => $"duplicate field \"{path}\"").Concat(pruning.Unknown.Select(path => $"unknown field \"{path}\"")).ToArray();
        if (problems.Length > 0 && options.FieldValidation == "Strict")
        {
            throw ApiErrors.BadRequest($"{version.Kind} in version \"{version.Name}\" cannot be handled as a {version.Kind}: strict decoding error: {string.Join(", ", problems)}");
        }

        foreach (var problem in problems)
        {
            options.Warn(problem);
        }
    }

    // What looks like JSON as it is, and anything else as digits.
    private static string Shown(byte[] body) => body.Length == 0 ? "<empty>"
        : body[0] == '{' ? Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, LongestShown)))
        : Convert.ToHexStringLower(body.AsSpan(0, Math.Min(body.Length, LongestShown)));

    private static string Text(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    // Built-in kinds are decoded first, and then do not convert.
    private static string Unconvertible(string apiVersion, string kind, KindVersion version)
    {
        var name = apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var package = version.Group.Length == 0 ? "core" : version.Group.Split('.')[0];
        return $"{kind} in version \"{name}\" cannot be handled as a {version.Kind}: " + (apiVersion == version.ApiVersion
            ? $"converting ({name}.{kind}) to ({package}.{version.Kind}): unknown conversion"
            : $"no kind \"{kind}\" is registered for version \"{apiVersion}\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");
    }

    private static string GroupVersionKind(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? $"/{apiVersion}, Kind={kind}" : $"{apiVersion}, Kind={kind}";
    }
}
