using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Apply;

namespace HomelabOps.Sandbox.Api;

/// <summary>Reads from the parameters of a request how a write is to be done.</summary>
internal static class CallOptionsReader
{
    public static CallOptions Read(ApiCall call, string? subresource, ApiContext context)
    {
        foreach (var stage in call.Query.All("dryRun"))
        {
            if (stage != "All")
            {
                throw new ApiException(422, "Invalid", $"{OptionsKind(call.Method)}.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"{stage}\"]: supported values: \"All\"");
            }
        }

        var validation = call.Query["fieldValidation"] ?? "Warn";
        if (validation is not ("Strict" or "Warn" or "Ignore"))
        {
            throw new ApiException(422, "Invalid", $"{OptionsKind(call.Method)}.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"{validation}\": supported values: \"\", \"Ignore\", \"Warn\", \"Strict\"");
        }

        // Who does not say his name is known by his program, as for the real server.
        var manager = call.Query["fieldManager"] ?? ManagerIdentity.NameFrom(call.Http.Request.UserAgent);
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

    private static string OptionsKind(string method) => method switch { "POST" => "CreateOptions", "PATCH" => "PatchOptions", "DELETE" => "DeleteOptions", _ => "UpdateOptions" };
}
