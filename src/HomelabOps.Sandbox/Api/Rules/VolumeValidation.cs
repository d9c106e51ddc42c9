using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within volumes and claims.</summary>
internal static class VolumeValidation
{
    private static readonly string[] AccessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public static void Check(ResourceKind kind, JsonObject spec, List<FieldError> errors)
    {
        var isClaim = kind.Kind == "PersistentVolumeClaim";
        if (isClaim)
        {
            Modes(spec, "at least 1 access mode is required", errors);
            Storage(spec["resources"]?["requests"]?["storage"], "spec.resources[storage]", errors);
            return;
        }

        if (spec["capacity"] is not JsonObject { Count: > 0 } capacity)
        {
            errors.Add(FieldError.Required("spec.capacity"));
        }
        else if (capacity["storage"] is { } amount)
        {
            Storage(amount, "spec.capacity[storage]", errors);
        }

        Modes(spec, "", errors);
        var sources = VolumeSources.Of(spec).Select(source => source.Key).ToArray();
        if (sources.Length == 0)
        {
            errors.Add(FieldError.Required("spec", "must specify a volume type"));
        }

        if (spec["local"] is not null && spec["nodeAffinity"] is null)
        {
            errors.Add(FieldError.Required("spec.nodeAffinity", "Local volume requires node affinity"));
        }

        if (spec["nodeAffinity"] is JsonObject affinity && affinity["required"] is null)
        {
            errors.Add(FieldError.Required("spec.nodeAffinity.required", "must specify required node constraints"));
        }

        errors.AddRange(sources.Skip(1).Select(source => FieldError.Forbidden($"spec.{source}", "may not specify more than 1 volume type")));
    }

    private static void Modes(JsonObject spec, string why, List<FieldError> errors)
    {
        var modes = spec["accessModes"] as JsonArray ?? [];
        if (modes.Count == 0)
        {
            errors.Add(FieldError.Required("spec.accessModes", why));
        }

        errors.AddRange(modes.Where(mode => !AccessModes.Contains((string?)mode, StringComparer.Ordinal)).Select(mode => FieldError.NotSupported("spec.accessModes", mode, AccessModes)));
    }

    private static void Storage(JsonNode? amount, string path, List<FieldError> errors)
    {
        if (amount is null)
        {
            errors.Add(FieldError.Required(path));
        }
        else if (PodValidation.RequireQuantity(amount) <= 0)
        {
            errors.Add(FieldError.Invalid(path, amount, "must be greater than zero"));
        }
    }
}
