using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Applies a patch of any of the three kinds to an object.</summary>
internal static class ObjectPatcher
{
    public const string Json = "application/json-patch+json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private static readonly string[] All = [Json, Merge, Strategic, Apply];
    private static readonly string[] Custom = [Json, Merge, Apply];

    public static IEnumerable<string> TypesFor(ResourceKind kind) => kind.IsCustom ? Custom : All;

    private static readonly string[] Misfits = ["json: cannot unmarshal", "strict decoding error: "];

    /// <summary>The object after the patch. Fields of the patch that the kind does not have are checked as those of a body are.</summary>
    public static JsonObject Patch(ResourceKind kind, KindVersion version, JsonObject present, JsonNode? patch, string type, CallOptions options)
    {
        JsonNode? result;
        try
        {
            result = type switch
            {
                Json => JsonPatch.Apply(present, patch as JsonArray ?? throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch")),
                Merge => MergePatch.Apply(present, Object(patch)),
                Strategic when !kind.IsCustom => StrategicMergePatch.Apply(present, Object(patch), BuiltInSchemas.FindOrPlain(version.ApiVersion, version.Kind)),
                _ => throw ApiErrors.UnsupportedMediaType(type, TypesFor(kind)),
            };
        }
        catch (PatchException error)
        {
            // Why a JSON patch does not fit is not told.
            throw error.Status == 422 ? new ApiException(422, "Invalid", type == Json ? "the server rejected our request due to an error in our request" : error.Message) { Details = type == Json ? [] : null } : new ApiException(error.Status, error.Status == 400 ? "BadRequest" : "", error.Message);
        }

        var node = result as JsonObject ?? throw ApiErrors.BadRequest("the patch leaves no object");
        ObjectBody.CheckType(node, version);
        try
        {
            ObjectBody.Check(node, version, options, []);
            if (type == Strategic && kind.Is("", "Secret") && node["data"] is JsonObject data && data.Any(field => field.Value is JsonValue value && Base64Text.LengthOf((string)value!) is null))
            {
                throw new ApiException(400, "BadRequest", "") { Misfit = "error decoding from json: illegal base64 data at input byte 0" };
            }

            return node;
        }
        catch (ApiException error) when (type == Strategic && error.Misfit is { } why)
        {
            // It is the patch that is shown here.
            throw ApiErrors.Invalid("", "", "", [FieldError.Invalid("patch", GoText.Of(patch), why)]);
        }
        catch (ApiException error) when (Array.Find(Misfits, misfit => error.Message.Contains(misfit, StringComparison.Ordinal)) is { } misfit)
        {
            // A patch was read; it is its result that does not fit.
            throw ApiErrors.Invalid("", "", "", [FieldError.Invalid("patch", node.ToJsonString(), error.Message[error.Message.IndexOf(misfit, StringComparison.Ordinal)..])]);
        }
    }

    private static JsonObject Object(JsonNode? patch) => patch as JsonObject ?? throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
}
