using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>What holds for the metadata of all kinds.</summary>
internal static class MetadataRules
{
    private const int AnnotationLimit = 256 * 1024;
    private static readonly string[] OwnedByServer = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    private static readonly HashSet<string> OwnFinalizers = new(["kubernetes", "orphan", "foregroundDeletion"], StringComparer.Ordinal);
    private static readonly HashSet<string> Extending = new(["apiextensions.k8s.io", "admissionregistration.k8s.io", "apiregistration.k8s.io"], StringComparer.Ordinal);

    /// <summary>The metadata of an object, made when it has none.</summary>
    public static JsonObject Of(JsonObject node)
    {
        if (node["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        metadata = [];
        node["metadata"] = metadata;
        return metadata;
    }

    public static string Text(JsonObject metadata, string name) => metadata[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>Whether finalizers hold the object back.</summary>
    public static bool HasFinalizers(JsonObject metadata) => metadata["finalizers"] is JsonArray { Count: > 0 };

    /// <summary>Keeps what the server decides when an object is replaced.</summary>
    public static void Keep(JsonObject metadata, JsonObject before)
    {
        foreach (var name in OwnedByServer)
        {
            metadata.Remove(name);
            if (before[name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        metadata.Remove("selfLink");
    }

    public static void RemoveEmpty(JsonObject metadata)
    {
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations", "finalizers", "ownerReferences", "managedFields"])
        {
            if (metadata.ContainsKey(name) && metadata[name] is null or JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                metadata.Remove(name);
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["generateName", "namespace", "resourceVersion", "uid"])
        {
            if (metadata.ContainsKey(name) && Text(metadata, name).Length == 0)
            {
                metadata.Remove(name);
            }
        }
    }

    public static void Validate(JsonObject metadata, ResourceKind kind, List<FieldError> errors)
    {
        var name = Text(metadata, "name");
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        }
        else if (NameRules.Check(kind.Group, kind.Kind, name) is { } problem)
        {
            errors.Add(FieldError.Invalid("metadata.name", name, problem));
        }

        ValidateLabels(metadata["labels"] as JsonObject, "metadata.labels", errors);
        ValidateAnnotations(metadata["annotations"] as JsonObject, errors);
        if (metadata["ownerReferences"] is JsonArray owners)
        {
            ValidateOwners(owners, errors);
        }

        ValidateFinalizers([.. (metadata["finalizers"] as JsonArray ?? []).Select(item => (string?)item ?? "")], kind, errors);
    }

    public static void ValidateLabels(JsonObject? labels, string path, List<FieldError> errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            errors.AddRange(NameRules.QualifiedProblems(key).Select(wrong => FieldError.Invalid(path, key, wrong)));

            if (NameRules.CheckLabelValue((string?)value ?? "") is { } wrongValue)
            {
                errors.Add(FieldError.Invalid(path, value, wrongValue));
            }
        }
    }

    public static void ValidateUpdate(JsonObject metadata, JsonObject before, List<FieldError> errors)
    {
        if (before["deletionTimestamp"] is not null && metadata["finalizers"] is JsonArray finalizers)
        {
            var old = (before["finalizers"] as JsonArray ?? []).Select(item => (string?)item).ToHashSet(StringComparer.Ordinal);
            var added = finalizers.Select(item => (string?)item).Where(item => !old.Contains(item)).ToArray();
            if (added.Length > 0)
            {
                errors.Add(FieldError.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(item => $"\"{item}\""))}}}"));
            }
        }
    }

    private static void ValidateFinalizers(string[] finalizers, ResourceKind kind, List<FieldError> errors)
    {
        errors.AddRange(finalizers.SelectMany(finalizer => NameRules.QualifiedProblems(finalizer).Select(wrong => FieldError.Invalid("metadata.finalizers", finalizer, wrong))));
        if (finalizers.Contains("orphan", StringComparer.Ordinal) && finalizers.Contains("foregroundDeletion", StringComparer.Ordinal))
        {
            errors.Add(FieldError.Invalid("metadata.finalizers", new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]), "finalizer orphan and foregroundDeletion cannot be both set"));
        }

        // Kinds that extend the API leave the names without prefix to those who use them.
        for (var index = 0; index < finalizers.Length && !kind.IsCustom && !Extending.Contains(kind.Group); index++)
        {
            if (!finalizers[index].Contains('/', StringComparison.Ordinal) && !OwnFinalizers.Contains(finalizers[index]))
            {
                errors.Add(FieldError.Invalid($"metadata.finalizers[{index}]", finalizers[index], "name is neither a standard finalizer name nor is it fully qualified"));
            }
        }
    }

    private static void ValidateAnnotations(JsonObject? annotations, List<FieldError> errors)
    {
        var size = 0;
        foreach (var (key, value) in annotations ?? [])
        {
            size += key.Length + ((string?)value ?? "").Length;
            errors.AddRange(NameRules.QualifiedProblems(key.ToLowerInvariant()).Select(wrong => FieldError.Invalid("metadata.annotations", key, wrong)));
        }

        if (size > AnnotationLimit)
        {
            errors.Add(FieldError.TooLong("metadata.annotations", AnnotationLimit));
        }
    }

    private static void ValidateOwners(JsonArray owners, List<FieldError> errors)
    {
        var controllers = 0;
        for (var index = 0; index < owners.Count; index++)
        {
            var owner = owners[index]!.AsObject();
            foreach (var (name, what) in (ReadOnlySpan<(string, string)>)[("apiVersion", "version must not be empty"), ("kind", "must not be empty"), ("name", "must not be empty"), ("uid", "must not be empty")])
            {
                if (Text(owner, name).Length == 0)
                {
                    errors.Add(FieldError.Invalid($"metadata.ownerReferences.{name}", "", what));
                }
            }

            controllers += (bool?)owner["controller"] == true ? 1 : 0;
        }

        if (controllers > 1)
        {
            errors.Add(FieldError.Invalid("metadata.ownerReferences", owners.DeepClone(), "Only one reference can have Controller set to true. Found \"true\" in references"));
        }
    }
}
