using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within volumes and claims.</summary>
internal static class VolumeValidation
{
    private static readonly string[] AccessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    private static readonly string[] FolderTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    public static void Check(ResourceKind kind, JsonObject spec, List<FieldError> errors)
    {
        var isClaim = kind.Kind == "PersistentVolumeClaim";
        if (isClaim)
        {
            Modes(spec, "at least 1 access mode is required", errors);
            Storage(spec["resources"]?["requests"]?["storage"], "spec.resources[storage]", errors);
            return;
        }

        Capacity(spec["capacity"] as JsonObject, errors);
        Modes(spec, "", errors);
        HostPath(spec["hostPath"], "spec.hostPath", errors);
        Backsteps((string?)spec["local"]?["path"], "spec.local.path", errors);
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

    /// <summary>A folder of a node, of a volume or of a pod's.</summary>
    public static void HostPath(JsonNode? source, string path, List<FieldError> errors)
    {
        if (source is not JsonObject folder)
        {
            return;
        }

        if ((string?)folder["path"] is "")
        {
            errors.Add(FieldError.Required($"{path}.path"));
            return;
        }

        Backsteps((string?)folder["path"], $"{path}.path", errors);
        if (folder["type"] is { } type && !FolderTypes.Contains((string?)type, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.type", type, FolderTypes));
        }
    }

    private static void Backsteps(string? folder, string path, List<FieldError> errors)
    {
        if (folder?.Split('/').Contains("..", StringComparer.Ordinal) == true)
        {
            errors.Add(FieldError.Invalid(path, folder, "must not contain '..'"));
        }
    }

    private static void Capacity(JsonObject? capacity, List<FieldError> errors)
    {
        if (capacity is not { Count: > 0 })
        {
            errors.Add(FieldError.Required("spec.capacity"));
        }

        if (capacity is not { Count: 1 } || !capacity.ContainsKey("storage"))
        {
            // As Go prints it, with how it keeps an amount.
            var shown = capacity is null ? "(nil)" : $"{{{string.Join(", ", capacity.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"\"{field.Key}\":{Shown(field.Value)}"))}}}";
            errors.Add(new("spec.capacity", "FieldValueNotSupported", $"Unsupported value: core.ResourceList{shown}: supported values: \"storage\""));
        }

        if (capacity?["storage"] is { } amount)
        {
            Storage(amount, "spec.capacity[storage]", errors);
        }

        static string Shown(JsonNode? amount) =>
            $"resource.Quantity{{i:resource.int64Amount{{value:{PodValidation.RequireQuantity(amount)}, scale:0}}, d:resource.infDecAmount{{Dec:(*inf.Dec)(nil)}}, s:\"{amount}\", Format:\"{(amount!.ToString().EndsWith('i') ? "BinarySI" : "DecimalSI")}\"}}";
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
