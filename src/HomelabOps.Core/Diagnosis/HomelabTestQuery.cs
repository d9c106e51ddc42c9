using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Diagnosis;

/// <summary>What of a homelab to test.</summary>
internal sealed record HomelabTestQuery
{
    /// <summary>Areas of the findings that are wanted; empty for all. Mounts, Syncthings and what nodes reach of each other are asked for only where their area is wanted.</summary>
    public IReadOnlyList<HomelabArea> Areas { get; init; } = [];

    /// <summary>Applications, as <c>name</c> or <c>namespace/name</c>, with wildcards; empty for everything.</summary>
    public IReadOnlyList<ResourcePattern> Apps { get; init; } = [];

    /// <summary>Also what comes from a root that is told itself.</summary>
    public bool IncludeConsequence { get; init; }

    /// <summary>The settings of the homelab.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>The working copy of the homelab, in which secrets are looked for unless only applications are wanted; null for none.</summary>
    public string? Repository { get; init; }

    /// <summary>Reads the operations of the cluster that were left half way; null where nobody wants to know.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<OpenOperation>>>? Operations { get; init; }

    /// <summary>How nodes are looked at.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>Also whether nodes reach each other and when their certificates end, which take a pod on each; not where that is asked every few seconds.</summary>
    public bool Links { get; init; } = true;

    /// <summary>What was read a moment ago: that of it which is dear to read is taken over. Null for nothing.</summary>
    public HomelabSnapshot? Known { get; init; }

    /// <summary>Whether an area is wanted.</summary>
    public bool Wants(HomelabArea area) => Areas.Count == 0 || Areas.Contains(area);
}
