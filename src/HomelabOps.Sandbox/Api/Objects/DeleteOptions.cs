using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>What a deletion asks for.</summary>
internal sealed record DeleteOptions
{
    public static DeleteOptions Default { get; } = new();

    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan; null for what the kind does by itself.</summary>
    public string? PropagationPolicy { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Reads the body of a deletion. What cannot be read is an error of the server for the real one, too.</summary>
    public static JsonObject? Parse(byte[] body, string contentType)
    {
        try
        {
            var node = ObjectBody.Parse(body, contentType, []) as JsonObject;
            return (string?)node?["kind"] is not { Length: > 0 } kind || kind == "DeleteOptions" ? node
                : throw ApiErrors.Plain($"no kind \"{kind}\" is registered for version \"{node!["apiVersion"]}\"");
        }
        catch (ApiException error) when (error.Reason == "BadRequest")
        {
            throw ApiErrors.Plain($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    public static DeleteOptions Read(JsonObject? body, RequestQuery query)
    {
        var policy = (string?)body?["propagationPolicy"] ?? query["propagationPolicy"];
        var orphan = (bool?)body?["orphanDependents"] ?? (query["orphanDependents"] is null ? null : query.Flag("orphanDependents"));
        if (policy is not (null or "Background" or "Foreground" or "Orphan"))
        {
            throw ApiErrors.InvalidOptions("DeleteOptions", FieldError.NotSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]));
        }

        if (policy is not null && orphan is not null)
        {
            throw ApiErrors.InvalidOptions("DeleteOptions", FieldError.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }

        return new()
        {
            GracePeriodSeconds = Numbers.Whole(body?["gracePeriodSeconds"]) ?? query.Number("gracePeriodSeconds"),
            PropagationPolicy = policy ?? (orphan is null ? null : orphan.Value ? "Orphan" : "Background"),
            Uid = (string?)body?["preconditions"]?["uid"],
            ResourceVersion = (string?)body?["preconditions"]?["resourceVersion"],
            DryRun = body?["dryRun"] is JsonArray { Count: > 0 } || query.Has("dryRun"),
        };
    }

    public void CheckPreconditions(ResourceKind kind, ObjectKey key, StoredObject item)
    {
        if (Uid is not null && Uid != item.Uid)
        {
            throw ApiErrors.Conflict(kind.Group, kind.Kind, key.Name, $"the UID in the precondition ({Uid}) does not match the UID in record ({item.Uid}). The object might have been deleted and then recreated");
        }

        var version = item.Revision.ToString(CultureInfo.InvariantCulture);
        if (ResourceVersion is not null && ResourceVersion != version)
        {
            throw ApiErrors.Conflict(kind.Group, kind.Kind, key.Name, $"the ResourceVersion in the precondition ({ResourceVersion}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }
}
