using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Reporting;

/// <summary>All that a report tells of a homelab. A part that could not be read is null, and <see cref="Gaps"/> say why.</summary>
internal sealed record HomelabReport
{
    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>When it was read.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>How long the reading took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Scheme, host and port of the API server. A path may be a secret.</summary>
    public string Server { get; init; } = "";

    /// <summary>Version and the like; null where the server did not answer.</summary>
    public HomelabConnection? Connection { get; init; }

    /// <summary>What is wrong, the worst first.</summary>
    public IReadOnlyList<HomelabFinding> Findings { get; init; } = [];

    /// <summary>Objects of Flux; empty where it is not installed.</summary>
    public IReadOnlyList<FluxResource>? Flux { get; init; }

    public IReadOnlyList<HomelabApp>? Apps { get; init; }

    public IReadOnlyList<HomelabNode>? Nodes { get; init; }

    /// <summary>What nodes and pods use; empty where nobody measures.</summary>
    public IReadOnlyList<HomelabUsage>? Usage { get; init; }

    public IReadOnlyList<HomelabVolume>? Volumes { get; init; }

    /// <summary>Replications of VolSync; empty where it is not installed.</summary>
    public IReadOnlyList<ReplicationStatus>? Replications { get; init; }

    public IReadOnlyList<SyncthingStatus>? Syncthings { get; init; }

    public IReadOnlyList<CertificateFacts>? Certificates { get; init; }

    /// <summary>Operations that were begun on this machine, the newest first.</summary>
    public IReadOnlyList<HomelabOperation>? Operations { get; init; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<ReportGap> Gaps { get; init; } = [];

    /// <summary>Nothing is wrong that is worse than good to know, and nothing was left unread.</summary>
    public bool Healthy => Gaps.Count == 0 && Findings.All(finding => finding.Severity == FindingSeverity.Info);

    /// <summary>How many findings there are of a severity.</summary>
    public int Count(FindingSeverity severity) => Findings.Count(finding => finding.Severity == severity);
}

/// <summary>Something that a report lacks.</summary>
/// <param name="Part">The part, as JSON calls it.</param>
/// <param name="Message">Why.</param>
internal sealed record ReportGap(string Part, string Message);
