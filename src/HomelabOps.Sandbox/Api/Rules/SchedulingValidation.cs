using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within what chooses the node of a pod.</summary>
internal static class SchedulingValidation
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    private static readonly string[] Operators = ["Equal", "Exists"];
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Check(JsonObject spec, string path, List<FieldError> errors)
    {
        foreach (var (key, value) in spec["nodeSelector"] as JsonObject ?? [])
        {
            SelectorValidation.Label(key, (string?)value ?? "", $"{path}.nodeSelector", errors);
        }

        foreach (var (toleration, place) in PodValidation.Items(spec, "tolerations", path))
        {
            Toleration(toleration, place, errors);
        }

        SchedulingGates.Check(spec, path, errors);
        Nodes(spec["affinity"]?["nodeAffinity"] as JsonObject ?? [], $"{path}.affinity.nodeAffinity", errors);
        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            Pods(spec["affinity"]?[kind] as JsonObject ?? [], $"{path}.affinity.{kind}", errors);
        }
    }

    private static void Toleration(JsonObject toleration, string path, List<FieldError> errors)
    {
        var (key, value, effect) = ((string?)toleration["key"] ?? "", (string?)toleration["value"] ?? "", toleration["effect"]);
        errors.AddRange(key.Length == 0 ? [] : NameRules.QualifiedProblems(key).Select(wrong => FieldError.Invalid($"{path}.key", key, wrong)));
        var operation = (string?)toleration["operator"] ?? "";
        if (key.Length == 0 && operation != "Exists")
        {
            errors.Add(FieldError.Invalid($"{path}.operator", operation, "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
        }

        if (toleration["tolerationSeconds"] is not null && (string?)effect != "NoExecute")
        {
            errors.Add(FieldError.Invalid($"{path}.effect", effect?.DeepClone() ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set"));
        }

        switch (operation)
        {
            case "" or "Equal":
                errors.AddRange(NameRules.CheckLabelValue(value) is { } unfit ? [FieldError.Invalid($"{path}.operator", value, unfit)] : []);
                break;
            case "Exists" when value.Length > 0:
                var seconds = toleration["tolerationSeconds"] is null ? "(*int64)(nil)" : "(*int64)";
                errors.Add(new($"{path}.operator", "FieldValueInvalid", $"Invalid value: core.Toleration{{Key:\"{key}\", Operator:\"Exists\", Value:\"{value}\", Effect:\"{effect}\", TolerationSeconds:{seconds}}}: value must be empty when `operator` is 'Exists'"));
                break;
            case not "Exists":
                errors.Add(FieldError.NotSupported($"{path}.operator", operation, Operators));
                break;
        }

        if ((string?)effect is { Length: > 0 } word && !Effects.Contains(word, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.effect", word, Effects));
        }
    }

    private static void Nodes(JsonObject affinity, string path, List<FieldError> errors)
    {
        if (affinity[Required] is JsonObject required)
        {
            if (required["nodeSelectorTerms"] is JsonArray { Count: 0 })
            {
                errors.Add(FieldError.Required($"{path}.{Required}.nodeSelectorTerms", "must have at least one node selector term"));
            }

            foreach (var (term, place) in PodValidation.Items(required, "nodeSelectorTerms", $"{path}.{Required}"))
            {
                Term(term, place, errors);
            }
        }

        foreach (var (term, place) in PodValidation.Items(affinity, Preferred, path))
        {
            Weight(term, place, errors);
            Term(term["preference"] as JsonObject ?? [], $"{place}.preference", errors);
        }
    }

    private static void Pods(JsonObject affinity, string path, List<FieldError> errors)
    {
        foreach (var (term, place) in PodValidation.Items(affinity, Required, path))
        {
            Topology(term, place, errors);
        }

        foreach (var (term, place) in PodValidation.Items(affinity, Preferred, path))
        {
            Weight(term, place, errors);
            Topology(term["podAffinityTerm"] as JsonObject ?? [], $"{place}.podAffinityTerm", errors);
        }
    }

    private static void Term(JsonObject term, string path, List<FieldError> errors)
    {
        foreach (var (requirement, place) in PodValidation.Items(term, "matchExpressions", path))
        {
            SelectorValidation.Requirement(requirement, place, isNode: true, errors);
        }
    }

    private static void Topology(JsonObject term, string path, List<FieldError> errors)
    {
        SelectorValidation.Check(term["labelSelector"], $"{path}.labelSelector", errors);
        if ((string?)term["topologyKey"] is { } key)
        {
            errors.AddRange(key.Length == 0 ? [FieldError.Required($"{path}.topologyKey", "can not be empty")] : []);
            errors.AddRange(NameRules.QualifiedProblems(key).Select(wrong => FieldError.Invalid($"{path}.topologyKey", key, wrong)));
        }
    }

    private static void Weight(JsonObject term, string path, List<FieldError> errors)
    {
        if (Numbers.Whole(term["weight"]) is < 1 or > 100)
        {
            errors.Add(FieldError.Invalid($"{path}.weight", term["weight"], "must be in the range 1-100"));
        }
    }
}
