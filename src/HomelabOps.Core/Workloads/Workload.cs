using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>What makes the pods of an application.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Reference">Its identity.</param>
/// <param name="Wire">What is used of it.</param>
/// <param name="Json">All of it.</param>
internal sealed record Workload(ResourceType Type, ResourceReference Reference, WorkloadWire Wire, JsonObject Json)
{
    /// <summary>The template of its pods.</summary>
    public PodTemplateWire? Template => Wire.Spec?.Template ?? Wire.Spec?.JobTemplate?.Spec?.Template;

    /// <summary>Labels that its pods get.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => Template?.Metadata?.Labels ?? [];

    /// <summary>Claims that its pods mount, in the order of the template.</summary>
    public IEnumerable<string> Claims =>
        (Template?.Spec?.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()
            .Concat((Wire.Spec?.VolumeClaimTemplates ?? []).SelectMany(claim => Enumerable.Range(0, Wire.Spec?.Replicas ?? 1)
                .Select(ordinal => $"{claim.Metadata.Name}-{Reference.Name}-{ordinal}")))
            .Distinct(StringComparer.Ordinal);

    /// <summary>A label selector for its pods as the API takes it; null when it has none.</summary>
    public string? Selector
    {
        get
        {
            var selector = Wire.Spec?.Selector;
            var terms = (selector?.MatchLabels ?? []).Select(pair => $"{pair.Key}={pair.Value}")
                .Concat((selector?.MatchExpressions ?? []).Select(Term)).ToList();
            return terms.Count == 0 ? null : string.Join(',', terms);
        }
    }

    private static string Term(SelectorExpressionWire expression) => expression.Operator switch
    {
        "In" => $"{expression.Key} in ({string.Join(',', expression.Values ?? [])})",
        "NotIn" => $"{expression.Key} notin ({string.Join(',', expression.Values ?? [])})",
        "Exists" => expression.Key,
        _ => $"!{expression.Key}",
    };
}
