using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Api;

/// <summary>A patch of an object or of one of its subresources.</summary>
internal static class PatchRequest
{
    public static async Task<WriteResult> RunAsync(ApiServices services, ApiCall call, RequestTarget target, string? subresource)
    {
        if (!ObjectPatcher.TypesFor(target.Kind).Contains(call.ContentType, StringComparer.Ordinal))
        {
            // Paths of built-in kinds take these types only, so no handler is found; custom kinds have one handler for all.
            throw target.Kind.IsCustom ? ApiErrors.UnsupportedMediaType(call.ContentType, ObjectPatcher.TypesFor(target.Kind)) : ApiErrors.NotRouted(415, "UnsupportedMediaType", "Unsupported Media Type");
        }

        var options = CallOptionsReader.Read(call, subresource, services.Context);
        var apply = call.ContentType == ObjectPatcher.Apply;
        var patch = ObjectBody.Parse(await call.ReadBodyAsync(), apply ? "application/yaml" : "application/json", []);
        if (apply)
        {
            return ApplyRequest.Run(services, call, target, patch, subresource);
        }

        return services.Writer.Update(
            target.Kind,
            target.Version,
            target.Key(target.Name!),
            present => ObjectPatcher.Patch(target.Kind, target.Version, present, patch, call.ContentType, options),
            options);
    }

    /// <summary>What a patch makes of a document that is no stored object, such as a Scale.</summary>
    public static JsonObject Patched(JsonObject present, JsonNode? patch, string contentType) => contentType switch
    {
        ObjectPatcher.Json => Core.Patching.JsonPatch.Apply(present, patch as JsonArray ?? throw ApiErrors.BadRequest("error decoding patch"))!.AsObject(),
        _ => Core.Patching.MergePatch.Apply(present, patch)!.AsObject(),
    };
}
