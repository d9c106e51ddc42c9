using System.ComponentModel;
using System.Text.Json.Serialization;

namespace HomelabOps.Core.Reporting.Json;

// The contract with scripts. Within a version properties are only added; a test holds docs/report.schema.json against these types.

/// <summary>A report as scripts read it.</summary>
[Description("What HomelabOps found in a homelab at one time. Times are UTC, durations seconds, sizes bytes, CPU cores. A list that could not be read is null, and gaps say why.")]
internal sealed record ReportDocument
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    [JsonPropertyName("$schema")]
    [Description("Where the schema is described.")]
    public string Schema { get; init; } = "https://github.com/homelabops/HomelabOps/blob/main/docs/report.schema.json";

    [Description("Version of this schema. Within one, properties are only added.")]
    public required int SchemaVersion { get; init; }

    [Description("When the homelab was read.")]
    public required DateTimeOffset Time { get; init; }

    [Description("How long that took.")]
    public required double ReadSeconds { get; init; }

    public required ReportCluster Cluster { get; init; }

    [Description("Nothing is wrong that is worse than good to know, and nothing was left unread.")]
    public required bool Healthy { get; init; }

    [Description("What could not be read.")]
    public required IReadOnlyList<ReportGap> Gaps { get; init; }

    [Description("What is wrong, the worst first.")]
    public required IReadOnlyList<ReportFinding> Findings { get; init; }

    public required IReadOnlyList<ReportFlux>? Flux { get; init; }

    public required IReadOnlyList<ReportApp>? Apps { get; init; }

    public required IReadOnlyList<ReportNode>? Nodes { get; init; }

    [Description("What nodes and pods use; empty where nobody measures.")]
    public required IReadOnlyList<ReportUsage>? Usage { get; init; }

    public required IReadOnlyList<ReportVolume>? Volumes { get; init; }

    public required IReadOnlyList<ReportReplication>? Replications { get; init; }

    public required IReadOnlyList<ReportSyncthing>? Syncthings { get; init; }

    public required IReadOnlyList<ReportCertificate>? Certificates { get; init; }

    [Description("Operations that were begun on the machine that wrote the report.")]
    public required IReadOnlyList<ReportOperation>? Operations { get; init; }
}

/// <summary>The cluster.</summary>
internal sealed record ReportCluster(string Name, string Server, string? KubernetesVersion, string? FluxVersion, bool IsSandbox);

/// <summary>A reference to an object.</summary>
internal sealed record ReportReference(string Kind, string Namespace, string Name);

/// <summary>A finding.</summary>
internal sealed record ReportFinding(HomelabArea Area, FindingSeverity Severity, string Reason, string Message, ReportReference? Target, ReportReference? RootCause, IReadOnlyList<string> Evidence, string Remedy, string? File, int? Line);

/// <summary>An object of Flux.</summary>
internal sealed record ReportFlux(string Kind, string Namespace, string Name, ConditionStatus Ready, bool Healthy, bool Suspended, bool Stale, string Reason, string Message, string? Revision, ReportReference? Source, ReportReference? Owner, ReportReference? RootCause, DateTimeOffset? LastReconciled);

/// <summary>An application.</summary>
internal sealed record ReportApp(string Kind, string Namespace, string Name, bool Healthy, bool Stopped, string Reason, string Message, string Image, int Replicas, int ReadyReplicas, IReadOnlyList<string> Nodes, HomelabSide? Side, ReportReference? Kustomization, ReportReference? HelmRelease);

/// <summary>A node.</summary>
internal sealed record ReportNode(string Name, bool Ready, bool Healthy, bool Schedulable, IReadOnlyList<string> Pressure, IReadOnlyList<string> Roles, string Version, long? DiskFreeBytes, long? DiskTotalBytes);

/// <summary>What a node or a pod uses.</summary>
internal sealed record ReportUsage(string Kind, string Namespace, string Name, double CpuCores, double? CpuRequestCores, double? CpuLimitCores, long MemoryBytes, long? MemoryRequestBytes, long? MemoryLimitBytes);

/// <summary>A claim, or a volume without one.</summary>
internal sealed record ReportVolume(string Namespace, string Claim, string Volume, string App, string Phase, bool Healthy, string Node, string Class, long? CapacityBytes, long? UsedBytes, long? FileSystemBytes);

/// <summary>A replication.</summary>
internal sealed record ReportReplication(string Kind, string Namespace, string Name, string App, string Method, ReplicationState State, bool Healthy, double? LagSeconds, DateTimeOffset? LastSync, DateTimeOffset? NextSync, string Message);

/// <summary>A Syncthing and one of its peers.</summary>
internal sealed record ReportSyncthing(string Kind, string Namespace, string Name, string App, SyncthingRole Role, SyncthingState State, bool Healthy, bool InSync, bool Connected, double? CompletionPercent, long? NeedBytes, int? NeedItems, int Conflicts, string Node, string Message);

/// <summary>A certificate.</summary>
internal sealed record ReportCertificate(ReportReference Target, string Purpose, DateTimeOffset NotAfter, double SecondsLeft, IReadOnlyList<ReportReference> Users);

/// <summary>An operation.</summary>
internal sealed record ReportOperation(string Id, OperationKind Kind, OperationStatus Status, string Cluster, DateTimeOffset Started, DateTimeOffset? Ended, IReadOnlyList<string> Apps, string From, string To);

/// <summary>The JSON of reports.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
