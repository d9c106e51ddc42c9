namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>Something that explains a symptom, if it has a symptom itself.</summary>
/// <param name="Object">What it may be.</param>
/// <param name="Reasons">Reasons that explain it; empty for any that is no mere remark.</param>
internal sealed record Cause(ResourceReference Object, params IReadOnlyList<string> Reasons)
{
    /// <summary>Whether a symptom is this cause.</summary>
    public bool Is(Symptom symptom) => symptom.Key == Object
        && (Reasons.Count == 0 ? symptom.IsPassing || symptom.Finding.Severity > FindingSeverity.Info : Reasons.Contains(symptom.Finding.Reason));
}
