namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>A symptom with what it comes from.</summary>
/// <param name="Symptom">The symptom.</param>
/// <param name="Chain">What it comes from, the nearest first; the last is the root. Empty for one that is a root.</param>
internal sealed record Explained(Symptom Symptom, IReadOnlyList<Symptom> Chain)
{
    /// <summary>Where the chain ends; the symptom itself where there is none.</summary>
    public Symptom Root => Chain is [.., var last] ? last : Symptom;

    /// <summary>The finding, with the chain in it.</summary>
    public HomelabFinding Finding => Chain.Count == 0 ? Symptom.Finding : Symptom.Finding with
    {
        RootCause = Root.Finding.Target,
        BlockedBy = [.. Chain.Select(link => link.Finding.Target).OfType<ResourceReference>()],
        Remedy = Root.Finding.Remedy,
    };
}
