using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Selecting;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>How a Job and its pods belong together: by labels that the server puts in, unless the Job has its own selector.</summary>
internal static class JobValidation
{
    public const string Prefix = "batch.kubernetes.io/";

    public static void Check(JsonObject node, List<FieldError> errors)
    {
        var spec = node["spec"] as JsonObject ?? [];
        var labels = spec["template"]?["metadata"]?["labels"] as JsonObject;
        const string Place = "spec.template.metadata.labels";
        if ((bool?)spec["manualSelector"] != true && spec["template"] is not null)
        {
            Generated(node, spec, labels, Place, errors);
        }

        WorkloadValidation.Job(node["spec"] as JsonObject, "spec", errors);
        if (spec["template"] is null)
        {
            return;
        }

        if (spec["selector"] is null)
        {
            errors.Add(FieldError.Required("spec.selector"));
        }

        var before = errors.Count;
        SelectorValidation.Check(spec["selector"], "spec.selector", errors);
        if (errors.Count == before && (spec["selector"] is not { } selector || !LabelSelector.Of(selector).Matches([.. (labels ?? []).Select(label => KeyValuePair.Create(label.Key, (string?)label.Value ?? ""))])))
        {
            errors.Add(new(Place, "FieldValueInvalid", $"Invalid value: {SelectorValidation.Labels(labels)}: `selector` does not match template `labels`"));
        }
    }

    private static void Generated(JsonObject node, JsonObject spec, JsonObject? labels, string path, List<FieldError> errors)
    {
        var metadata = MetadataRules.Of(node);
        var (uid, name) = (MetadataRules.Text(metadata, "uid"), MetadataRules.Text(metadata, "name"));

        // One that comes from an older server has the labels without prefix alone.
        string[] prefixes = spec["selector"]?["matchLabels"]?["controller-uid"] is null ? ["", Prefix] : [""];
        foreach (var (label, value) in prefixes.SelectMany(prefix => (IEnumerable<(string, string)>)[(prefix + "controller-uid", uid), (prefix + "job-name", name)]))
        {
            if ((string?)labels?[label] != value)
            {
                errors.Add(new($"{path}[{label}]", "FieldValueInvalid", $"Invalid value: {SelectorValidation.Labels(labels)}: must be '{value}'"));
            }
        }

        if (!JsonNode.DeepEquals(spec["selector"], new JsonObject { ["matchLabels"] = new JsonObject { [prefixes[^1] + "controller-uid"] = uid } }))
        {
            errors.Add(SelectorValidation.Whole(spec["selector"], "`selector` not auto-generated"));
        }
    }
}
