using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Apply;

namespace HomelabOps.Sandbox.Api;

/// <summary>Reads from the parameters of a request how a write is to be done.</summary>
internal static class CallOptionsReader
{
    private const int ManagerLimit = 128;

    public static CallOptions Read(ApiCall call, string? subresource, ApiContext context)
    {
        var kind = OptionsKind(call.Method);
        var stages = call.Query.All("dryRun").ToArray();
        if (stages.Any(stage => stage != "All"))
        {
            throw ApiErrors.InvalidOptions(kind, FieldError.NotSupported("dryRun", new JsonArray([.. stages.Select(stage => JsonValue.Create(stage))]), ["All"]));
        }

        var validation = call.Query["fieldValidation"] ?? "Warn";
        if (validation is not ("Strict" or "Warn" or "Ignore"))
        {
            throw ApiErrors.InvalidOptions(kind, FieldError.NotSupported("fieldValidation", validation, ["", "Ignore", "Warn", "Strict"]));
        }

        CheckManager(kind, call.Query["fieldManager"]);
        if (call.Method == "PATCH" && call.Query.Has("force") && call.ContentType != ObjectPatcher.Apply)
        {
            throw ApiErrors.InvalidOptions(kind, FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        // Who does not say his name is known by his program, as for the real server.
        var manager = call.Query["fieldManager"] ?? ManagerIdentity.NameFrom(call.Exchange.Header("User-Agent"));
        return new()
        {
            DryRun = call.Query.Has("dryRun"),
            FieldManager = manager,
            FieldValidation = validation,
            Force = call.Query.Flag("force"),
            Warn = call.Response.Warn,
            User = call.User,
            Subresource = subresource,
            Managed = new TrackedOwnership(manager, subresource, context),
        };
    }

    private static void CheckManager(string kind, string? manager)
    {
        if (manager?.Length > ManagerLimit)
        {
            throw ApiErrors.InvalidOptions(kind, FieldError.TooLong("fieldManager", ManagerLimit));
        }

        if (manager?.Any(char.IsControl) == true)
        {
            throw ApiErrors.InvalidOptions(kind, FieldError.Invalid("fieldManager", manager, "should only contain printable characters"));
        }
    }

    private static string OptionsKind(string method) => method switch { "POST" => "CreateOptions", "PATCH" => "PatchOptions", "DELETE" => "DeleteOptions", _ => "UpdateOptions" };
}
