using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Containers that are added to a pod while it runs, to look into it.</summary>
internal static class EphemeralContainers
{
    private const string Field = "ephemeralContainers";
    private static readonly string[] Unfit = ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];

    /// <summary>Of a request to add some, nothing else is taken.</summary>
    public static void Keep(JsonObject node, JsonObject old)
    {
        var wanted = node["spec"]?[Field]?.DeepClone();
        foreach (var (name, _) in node.Where(field => field.Key != "metadata").ToArray())
        {
            node.Remove(name);
        }

        foreach (var (name, value) in old.Where(field => field.Key != "metadata"))
        {
            node[name] = value?.DeepClone();
        }

        var (metadata, before) = (MetadataRules.Of(node), MetadataRules.Of(old));
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations", "ownerReferences", "finalizers"])
        {
            metadata.Remove(name);
            if (before[name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        var spec = node["spec"]!.AsObject();
        spec.Remove(Field);
        if (wanted is not null)
        {
            spec[Field] = wanted;
        }
    }

    /// <summary>What must hold within them.</summary>
    public static void Check(JsonObject spec, string path, HashSet<string?> volumes, HashSet<string> names, List<FieldError> errors)
    {
        foreach (var (container, place) in PodValidation.Items(spec, Field, path))
        {
            ContainerValidation.Check(container, place, volumes, names, errors);
            errors.AddRange(Unfit.Where(field => container[field] is not null).Select(field => FieldError.Forbidden($"{place}.{field}", "cannot be set for an Ephemeral Container")));
            if (container["resources"] is JsonObject { Count: > 0 })
            {
                errors.Add(FieldError.Forbidden($"{place}.resources", "cannot be set for an Ephemeral Container"));
            }

            if ((string?)container["targetContainerName"] is { Length: > 0 } target && !PodValidation.Items(spec, "containers", "").Concat(PodValidation.Items(spec, "initContainers", "")).Any(other => (string?)other.Item["name"] == target))
            {
                errors.Add(FieldError.NotFound($"{place}.targetContainerName", target));
            }
        }
    }

    /// <summary>Those that are there stay as they are.</summary>
    public static void CheckUpdate(JsonObject node, JsonObject old, List<FieldError> errors)
    {
        var wanted = PodValidation.Items(node["spec"]!.AsObject(), Field, "spec").DistinctBy(each => (string?)each.Item["name"] ?? "", StringComparer.Ordinal).ToDictionary(each => (string?)each.Item["name"] ?? "", StringComparer.Ordinal);
        foreach (var (container, _) in PodValidation.Items(old["spec"]!.AsObject(), Field, "spec"))
        {
            var name = (string?)container["name"] ?? "";
            if (!wanted.TryGetValue(name, out var kept))
            {
                errors.Add(FieldError.Forbidden($"spec.{Field}", $"existing ephemeral containers \"{name}\" may not be removed\n"));
            }
            else if (!JsonNode.DeepEquals(container, kept.Item))
            {
                errors.Add(FieldError.Forbidden($"spec.{Field}", $"existing ephemeral containers \"{name}\" may not be changed\n"));
            }
        }
    }
}
