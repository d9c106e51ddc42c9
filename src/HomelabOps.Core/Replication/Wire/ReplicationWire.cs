using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Replication.Wire;

/// <summary>A ReplicationSource or ReplicationDestination. One type for both, since most of what counts they have in common.</summary>
internal sealed class ReplicationWire : ObjectWire
{
    public ReplicationSpecWire? Spec { get; set; }

    public ReplicationStatusWire? Status { get; set; }
}

internal sealed class ReplicationSpecWire
{
    [JsonPropertyName("sourcePVC")]
    public string? SourcePvc { get; set; }

    public TriggerWire? Trigger { get; set; }

    public bool Paused { get; set; }

    public MoverWire? Rsync { get; set; }

    [JsonPropertyName("rsyncTLS")]
    public MoverWire? RsyncTls { get; set; }

    public MoverWire? Rclone { get; set; }

    public MoverWire? Restic { get; set; }

    public MoverWire? Syncthing { get; set; }

    public ExternalWire? External { get; set; }
}

internal sealed class TriggerWire
{
    public string? Schedule { get; set; }

    public string? Manual { get; set; }
}

internal sealed class MoverWire
{
    [JsonPropertyName("destinationPVC")]
    public string? DestinationPvc { get; set; }

    public string? Address { get; set; }

    public List<PeerWire>? Peers { get; set; }

    public Dictionary<string, string>? MoverPodLabels { get; set; }
}

internal sealed class PeerWire
{
    [JsonPropertyName("ID")]
    public string? Id { get; set; }

    public string? Address { get; set; }

    public bool Connected { get; set; }
}

internal sealed class ExternalWire;

internal sealed class ReplicationStatusWire
{
    public DateTimeOffset? LastSyncTime { get; set; }

    public DateTimeOffset? LastSyncStartTime { get; set; }

    public string? LastSyncDuration { get; set; }

    public DateTimeOffset? NextSyncTime { get; set; }

    public string? LastManualSync { get; set; }

    public MoverStatusWire? LatestMoverStatus { get; set; }

    public List<ConditionWire>? Conditions { get; set; }

    public EndpointWire? Rsync { get; set; }

    [JsonPropertyName("rsyncTLS")]
    public EndpointWire? RsyncTls { get; set; }

    public EndpointWire? Syncthing { get; set; }
}

internal sealed class MoverStatusWire
{
    public string? Result { get; set; }

    public string? Logs { get; set; }
}

internal sealed class EndpointWire
{
    [JsonPropertyName("ID")]
    public string? Id { get; set; }

    public string? Address { get; set; }

    public List<PeerWire>? Peers { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ReplicationWire))]
[JsonSerializable(typeof(ServiceWire))]
internal sealed partial class ReplicationWireContext : JsonSerializerContext;
