using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a HorizontalPodAutoscaler.</summary>
internal static class AutoscalerValidation
{
    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var (least, most) = (Numbers.Whole(spec["minReplicas"]) ?? 1, Numbers.Whole(spec["maxReplicas"]) ?? 0);
        errors.AddRange(least < 1 ? [FieldError.Invalid("spec.minReplicas", least, "must be greater than or equal to 1")] : []);
        errors.AddRange(most < 1 ? [FieldError.Invalid("spec.maxReplicas", most, "must be greater than 0")] : []);
        errors.AddRange(most < least ? [FieldError.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")] : []);
        var target = spec["scaleTargetRef"] as JsonObject;
        foreach (var name in (ReadOnlySpan<string>)["kind", "name"])
        {
            // One that is absent is missed by the schema, unless all is.
            if (target is null || (string?)target[name] is "")
            {
                errors.Add(FieldError.Required($"spec.scaleTargetRef.{name}"));
            }
            else if ((string?)target[name] is { } text)
            {
                Segment(text, $"spec.scaleTargetRef.{name}", errors);
            }
        }

        if (least == 0 && !PodValidation.Items(spec, "metrics", "").Any(item => (string?)item.Item["type"] is "Object" or "External"))
        {
            errors.Add(FieldError.Forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas"));
        }
    }

    // It becomes a part of a path.
    private static void Segment(string text, string path, List<FieldError> errors)
    {
        if (text is "." or "..")
        {
            errors.Add(FieldError.Invalid(path, text, $"may not be '{text}'"));
        }

        foreach (var character in (ReadOnlySpan<char>)['/', '%'])
        {
            errors.AddRange(text.Contains(character, StringComparison.Ordinal) ? [FieldError.Invalid(path, text, $"may not contain '{character}'")] : []);
        }
    }
}
