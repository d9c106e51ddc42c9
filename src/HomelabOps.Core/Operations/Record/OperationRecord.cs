using System.Text.Json.Serialization;

namespace HomelabOps.Core.Operations.Record;

/// <summary>An operation as it is on the disk: all that it takes to go on with it, or to take it back, from another process. Holds no secret.</summary>
internal sealed class OperationRecord
{
    /// <summary>Format of the file. Who reads a newer one says so instead of guessing.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    public string Id { get; set; } = "";

    public OperationKind Kind { get; set; }

    public OperationStatus Status { get; set; }

    /// <summary>Connection that it was begun through.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>Address of the cluster's API server, which is the same whatever a connection is called.</summary>
    public string Server { get; set; } = "";

    /// <summary>UID of the cluster's namespace kube-system, which is the same also from elsewhere; empty where it could not be read.</summary>
    public string ClusterId { get; set; } = "";

    /// <summary>Who began it, as <c>user@machine</c>.</summary>
    public string By { get; set; } = "";

    public DateTimeOffset Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    public string From { get; set; } = "";

    public string To { get; set; } = "";

    /// <summary>What proves that the old node is off; null where it is alive.</summary>
    public FailoverFence? Fence { get; set; }

    /// <summary>Who has typed that the old node is off; null where nobody was asked.</summary>
    public string? ConfirmedBy { get; set; }

    /// <summary>Gates that were not passed and were overridden.</summary>
    public List<string> Overridden { get; set; } = [];

    /// <summary>Hash of the commit; null until it is made.</summary>
    public string? Commit { get; set; }

    /// <summary>Git had all of it already, so that the commit is one that somebody else has made.</summary>
    public bool WasInGit { get; set; }

    /// <summary>Hash of the commit that the operation has made; null until then, and where it had to make none.</summary>
    [JsonIgnore]
    public string? OwnCommit => WasInGit ? null : Commit;

    /// <summary>The old node is given up as a whole.</summary>
    public bool OutOfService { get; set; }

    /// <summary>The applications stay where they are, and only their data is replicated to the target again.</summary>
    public bool Stays { get; set; }

    /// <summary>The commit waits in the clone until the remote is reached.</summary>
    public bool Local { get; set; }

    /// <summary>Kustomizations that are suspended until then.</summary>
    public List<OperationObject> Suspended { get; set; } = [];

    /// <summary>Hash of the commit that brings replication back; null until it is made, and where there is none.</summary>
    public string? ReplicationCommit { get; set; }

    /// <summary>An application has run on the node that it was moved to.</summary>
    public bool HasRun { get; set; }

    /// <summary>Somebody has begun to take it back, so that no step of it tells any more what is there.</summary>
    public bool Undoing { get; set; }

    public List<OperationApp> Apps { get; set; } = [];

    public List<OperationStepRecord> Steps { get; set; } = [];

    /// <summary>The home node was cordoned, by whom and why, before the operation let it take pods again; null where it was not.</summary>
    public FluxSuspension? Cordon { get; set; }

    /// <summary>It is neither done nor taken back.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is not (OperationStatus.Completed or OperationStatus.Undone);

    /// <summary>A step of it was begun once.</summary>
    [JsonIgnore]
    public bool IsBegun => Steps.Exists(step => step.Status != OperationStepStatus.Pending);

    /// <summary>Objects of all applications, each once.</summary>
    /// <param name="cluster">Name of the connection.</param>
    /// <param name="of">Which of an application.</param>
    public List<ResourceReference> References(string? cluster, Func<OperationApp, IEnumerable<OperationObject>> of) => [.. Apps.SelectMany(of).Select(item => item.Reference(cluster)).Distinct()];

    /// <summary>The record as people get it.</summary>
    /// <param name="isHeld">A process works at it.</param>
    public HomelabOperation ToOperation(bool isHeld) => new()
    {
        Id = Id,
        Kind = Kind,
        Status = Status == OperationStatus.Running && !isHeld ? OperationStatus.Interrupted : Status,
        Cluster = Cluster,
        By = By,
        Started = Started.LocalDateTime,
        Ended = Ended?.LocalDateTime,
        Apps = Apps.ConvertAll(app => $"{app.Namespace}/{app.Name}"),
        From = From,
        To = To,
        Commit = OwnCommit,
        HasRun = HasRun,
        Steps = ToSteps(),
    };

    /// <summary>The steps as people get them.</summary>
    public List<OperationStep> ToSteps() => Steps.ConvertAll(step => new OperationStep { Name = step.Name, Status = step.Status, Started = step.Started?.LocalDateTime, Duration = step.Ended - step.Started, Message = step.Message });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(OperationRecord))]
internal sealed partial class OperationJson : JsonSerializerContext;
