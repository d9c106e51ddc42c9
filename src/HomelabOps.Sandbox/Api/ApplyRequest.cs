using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Apply;

namespace HomelabOps.Sandbox.Api;

/// <summary>A server-side apply.</summary>
internal static class ApplyRequest
{
    public static WriteResult Run(ApiServices services, ApiCall call, RequestTarget target, JsonNode? body, string? subresource)
    {
        if (call.Query["fieldManager"] is not { } name)
        {
            throw ApiErrors.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch"));
        }

        if (body is not JsonObject applied)
        {
            throw ApiErrors.BadRequest("error decoding YAML: the configuration is not an object");
        }

        // The apply itself keeps the account of owners.
        var options = CallOptionsReader.Read(call, subresource, services.Context) with { Managed = FieldOwnership.None };
        var version = target.Version;
        if ((string?)applied["kind"] is { Length: > 0 } kind && kind != version.Kind)
        {
            throw ApiErrors.BadRequest($"the kind in the configuration ({kind}) is not that of the path ({version.Kind})");
        }

        foreach (var required in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            if ((applied[required] as JsonValue)?.ToString() is not { Length: > 0 })
            {
                throw ApiErrors.BadRequest($"Object '{(required == "kind" ? "Kind" : required)}' is missing in '{applied.ToJsonString()}'");
            }
        }

        var isTyped = version.Schema is not null && applied["apiVersion"]?.ToString() == version.ApiVersion;
        if (isTyped)
        {
            applied = Refusing(() => TypedPatch.Checked(applied, version.Schema!, version.PatchSchema));
        }

        var metadata = MetadataRules.Of(applied);
        if (MetadataRules.Text(metadata, "name") is { Length: > 0 } said && said != target.Name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({said}) does not match the name on the URL ({target.Name})");
        }

        metadata["name"] = target.Name;
        if (isTyped)
        {
            ObjectBody.Check(applied, version, options, []);
        }

        var manager = new ManagerIdentity(name, IsApply: true, version.ApiVersion, subresource);
        return services.Writer.Update(
            target.Kind,
            version,
            target.Key(target.Name!),
            present => Apply(target, present, applied, manager, options, services),
            options,
            subresource is null ? () => ApplyToNothing(target, applied, manager, options, services) : null);
    }

    private static JsonObject ApplyToNothing(RequestTarget target, JsonObject applied, ManagerIdentity manager, CallOptions options, ApiServices services) =>
        MetadataRules.Text(MetadataRules.Of(applied), "uid") is { Length: > 0 } uid
            ? throw ApiErrors.Conflict(target.Kind, target.Name!, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found")
            : Apply(target, null, applied, manager, options, services);

    private static JsonObject Apply(RequestTarget target, JsonObject? present, JsonObject applied, ManagerIdentity manager, CallOptions options, ApiServices services) =>
        Refusing(() => ServerSideApply.Apply(present, applied, target.Version.PatchSchema, manager, target.Version.HasStatus, options.Force, services.Context.Now()));

    private static JsonObject Refusing(Func<JsonObject> apply)
    {
        try
        {
            return apply();
        }
        catch (ApplyConflictException conflict)
        {
            throw new ApiException(409, "Conflict", conflict.Message) { Details = new() { ["causes"] = conflict.Causes } };
        }
        catch (ApplyException error)
        {
            throw new ApiException(error.Status, error.Status switch { 400 => "BadRequest", 422 => "Invalid", _ => "" }, error.Message);
        }
    }
}
