using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What keeps a pod from being placed until others have taken it away.</summary>
internal static class SchedulingGates
{
    private const string Field = "schedulingGates";

    public static bool Has(JsonObject? spec) => spec?[Field] is JsonArray { Count: > 0 };

    /// <summary>Whoever looks at a new pod sees why nobody places it.</summary>
    public static void Mark(JsonObject pod)
    {
        if (Has(pod["spec"] as JsonObject))
        {
            pod["status"]!["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }
    }

    public static void Check(JsonObject spec, string path, List<FieldError> errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (gate, place) in PodValidation.Items(spec, Field, path))
        {
            var name = (string?)gate["name"] ?? "";
            errors.AddRange(NameRules.QualifiedProblems(name).Select(wrong => FieldError.Invalid(place, name, wrong)));
            if (!names.Add(name))
            {
                errors.Add(FieldError.Duplicate(place, name));
            }
        }

        if (Has(spec) && (string?)spec["nodeName"] is { Length: > 0 })
        {
            errors.Add(FieldError.Forbidden($"{path}.nodeName", "cannot be set until all schedulingGates have been cleared"));
        }
    }

    /// <summary>They can only be taken away.</summary>
    public static void CheckUpdate(JsonObject spec, JsonObject old, List<FieldError> errors)
    {
        var known = PodValidation.Items(old, Field, "").Select(gate => (string?)gate.Item["name"]).ToHashSet(StringComparer.Ordinal);
        errors.AddRange(PodValidation.Items(spec, Field, "spec").Where(gate => !known.Contains((string?)gate.Item["name"]))
            .Select(gate => FieldError.Forbidden($"{gate.Path}.name", $"only deletion is allowed, but found new scheduling gate '{(string?)gate.Item["name"]}'")));
    }

    /// <summary>Whoever holds a pod back may still say more closely on which nodes it runs.</summary>
    public static bool MayNarrow(JsonObject spec, JsonObject old)
    {
        var now = spec["nodeSelector"] as JsonObject;
        return Has(old) && (old["nodeSelector"] as JsonObject ?? []).All(label => (string?)now?[label.Key] == (string?)label.Value);
    }
}
