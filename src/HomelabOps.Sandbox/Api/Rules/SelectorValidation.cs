using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a label selector.</summary>
internal static class SelectorValidation
{
    /// <summary>The selector of a workload, which must choose something.</summary>
    /// <param name="selector">The selector; one that is absent is missed elsewhere.</param>
    /// <param name="owner">What the real server calls the workload.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void CheckOwner(JsonNode? selector, string owner, List<FieldError> errors)
    {
        if (selector is not JsonObject chosen)
        {
            return;
        }

        var before = errors.Count;
        Check(chosen, "spec.selector", errors);
        if (errors.Count > before)
        {
            errors.Add(Whole(chosen, "invalid label selector"));
        }
        else if (chosen["matchLabels"] is not JsonObject { Count: > 0 } && chosen["matchExpressions"] is not JsonArray { Count: > 0 })
        {
            errors.Add(Whole(chosen, $"empty selector is invalid for {owner}"));
        }
    }

    public static void Check(JsonNode? selector, string path, List<FieldError> errors)
    {
        foreach (var (key, value) in selector?["matchLabels"] as JsonObject ?? [])
        {
            Label(key, (string?)value ?? "", $"{path}.matchLabels", errors);
        }

        foreach (var (requirement, place) in PodValidation.Items(selector as JsonObject ?? [], "matchExpressions", path))
        {
            Requirement(requirement, place, isNode: false, errors);
        }
    }

    /// <summary>A label that is asked for.</summary>
    public static void Label(string key, string value, string path, List<FieldError> errors)
    {
        errors.AddRange(NameRules.QualifiedProblems(key).Select(wrong => FieldError.Invalid(path, key, wrong)));
        if (NameRules.CheckLabelValue(value) is { } unfit)
        {
            errors.Add(FieldError.Invalid(path, value, unfit));
        }
    }

    /// <summary>One of matchExpressions; those about nodes may compare numbers as well.</summary>
    public static void Requirement(JsonObject requirement, string path, bool isNode, List<FieldError> errors)
    {
        var count = (requirement["values"] as JsonArray)?.Count ?? 0;
        switch ((string?)requirement["operator"])
        {
            case "In" or "NotIn":
                if (count == 0)
                {
                    errors.Add(FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"));
                }

                break;
            case "Exists" or "DoesNotExist":
                if (count > 0)
                {
                    errors.Add(FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                }

                break;
            case "Gt" or "Lt" when isNode:
                if (count != 1)
                {
                    errors.Add(FieldError.Required($"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'"));
                }

                break;
            case var other:
                errors.Add(FieldError.Invalid($"{path}.operator", other ?? "", "not a valid selector operator"));
                break;
        }

        var key = (string?)requirement["key"] ?? "";
        errors.AddRange(NameRules.QualifiedProblems(key).Select(wrong => FieldError.Invalid($"{path}.key", key, wrong)));
    }

    /// <summary>What is wrong with a selector as a whole, which the real server shows as Go writes it.</summary>
    public static FieldError Whole(JsonNode? selector, string why) => new(
        "spec.selector",
        "FieldValueInvalid",
        $"Invalid value: v1.LabelSelector{{MatchLabels:{Labels(selector?["matchLabels"] as JsonObject)}, MatchExpressions:{List("v1.LabelSelectorRequirement", selector?["matchExpressions"] as JsonArray, Expression)}}}: {why}");

    /// <summary>Labels as Go writes them.</summary>
    public static string Labels(JsonObject? labels) => labels is null
        ? "map[string]string(nil)"
        : $"map[string]string{{{string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{Quote(label.Key)}:{Quote((string?)label.Value)}"))}}}";

    private static string Expression(JsonNode? item) =>
        $"v1.LabelSelectorRequirement{{Key:{Quote((string?)item?["key"])}, Operator:{Quote((string?)item?["operator"])}, Values:{List("string", item?["values"] as JsonArray, value => Quote((string?)value))}}}";

    private static string List(string type, JsonArray? items, Func<JsonNode?, string> show) => items is null ? $"[]{type}(nil)" : $"[]{type}{{{string.Join(", ", items.Select(show))}}}";

    private static string Quote(string? text) => $"\"{text}\"";
}
