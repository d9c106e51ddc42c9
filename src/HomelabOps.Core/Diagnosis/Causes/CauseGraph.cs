namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>
/// What comes from what. Each symptom names what may explain it; where one of these has a symptom itself, that explains it, and so on to
/// the end. Circles have none: the symptom that was found first stands for them.
/// </summary>
internal sealed class CauseGraph
{
    private readonly IReadOnlyList<Symptom> _symptoms;
    private readonly ILookup<ResourceReference, Symptom> _byKey;

    /// <param name="symptoms">All of them, in the order of the checks.</param>
    public CauseGraph(IReadOnlyList<Symptom> symptoms)
    {
        _symptoms = symptoms;
        _byKey = symptoms.ToLookup(symptom => symptom.Key);
    }

    /// <summary>The symptoms, each with the root that it comes from and what stands between them.</summary>
    public IReadOnlyList<Explained> Explain() => [.. _symptoms.Select(Explain)];

    private Explained Explain(Symptom symptom)
    {
        var (chain, current) = (new List<Symptom>(), symptom);
        var seen = new HashSet<Symptom>(ReferenceEqualityComparer.Instance) { symptom };
        while (Next(current, seen) is { } next)
        {
            chain.Add(next);
            seen.Add(next);
            current = next;
        }

        // In a circle everything comes from everything; whoever asks has to get the same answer.
        if (chain.Count > 0 && Causes(current).Any())
        {
            var first = _symptoms.First(each => ReferenceEquals(each, symptom) || chain.Exists(link => ReferenceEquals(link, each)));
            chain = ReferenceEquals(first, symptom) ? [] : chain[..(chain.FindIndex(link => ReferenceEquals(link, first)) + 1)];
        }

        return new(symptom, chain);
    }

    private Symptom? Next(Symptom symptom, HashSet<Symptom> seen) => Causes(symptom).FirstOrDefault(cause => !seen.Contains(cause));

    private IEnumerable<Symptom> Causes(Symptom symptom) =>
        symptom.Causes.SelectMany(cause => _byKey[cause.Object].Where(other => !ReferenceEquals(other, symptom) && cause.Is(other)));
}
