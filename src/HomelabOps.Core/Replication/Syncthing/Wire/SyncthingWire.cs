using System.Text.Json.Serialization;

namespace HomelabOps.Core.Replication.Syncthing.Wire;

internal sealed class SystemStatusWire
{
    [JsonPropertyName("myID")]
    public string MyId { get; set; } = "";

    public string? StartTime { get; set; }
}

internal sealed class FolderWire
{
    public string Id { get; set; } = "";

    public string? Type { get; set; }

    public bool Paused { get; set; }

    public List<FolderDeviceWire>? Devices { get; set; }
}

internal sealed class FolderDeviceWire
{
    [JsonPropertyName("deviceID")]
    public string DeviceId { get; set; } = "";
}

internal sealed class DeviceWire
{
    [JsonPropertyName("deviceID")]
    public string DeviceId { get; set; } = "";

    public string? Name { get; set; }

    public List<string>? Addresses { get; set; }

    public bool Paused { get; set; }
}

internal sealed class ConnectionsWire
{
    public Dictionary<string, ConnectionWire>? Connections { get; set; }
}

internal sealed class ConnectionWire
{
    public bool Connected { get; set; }

    public bool Paused { get; set; }

    public long? InBytesTotal { get; set; }
}

internal sealed class CompletionWire
{
    public double Completion { get; set; }

    public long NeedBytes { get; set; }

    public int NeedItems { get; set; }

    public int NeedDeletes { get; set; }
}

internal sealed class FolderStatusWire
{
    public string? State { get; set; }

    public DateTimeOffset? StateChanged { get; set; }

    public string? Error { get; set; }

    // Older ones count them by this name only.
    public int? PullErrors { get; set; }

    public int? Errors { get; set; }
}

internal sealed class FolderErrorsWire
{
    public List<FolderErrorWire>? Errors { get; set; }
}

internal sealed class FolderErrorWire
{
    public string? Path { get; set; }

    public string? Error { get; set; }
}

internal sealed class DeviceStatisticWire
{
    public DateTimeOffset? LastSeen { get; set; }
}

internal sealed class FolderStatisticWire
{
    public LastFileWire? LastFile { get; set; }
}

internal sealed class LastFileWire
{
    public DateTimeOffset? At { get; set; }
}

internal sealed class BrowseEntryWire
{
    public string Name { get; set; } = "";

    public List<BrowseEntryWire>? Children { get; set; }
}

internal sealed class EventIdWire
{
    public long Id { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SystemStatusWire))]
[JsonSerializable(typeof(List<FolderWire>))]
[JsonSerializable(typeof(List<DeviceWire>))]
[JsonSerializable(typeof(ConnectionsWire))]
[JsonSerializable(typeof(CompletionWire))]
[JsonSerializable(typeof(FolderStatusWire))]
[JsonSerializable(typeof(FolderErrorsWire))]
[JsonSerializable(typeof(Dictionary<string, DeviceStatisticWire>))]
[JsonSerializable(typeof(Dictionary<string, FolderStatisticWire>))]
[JsonSerializable(typeof(List<BrowseEntryWire>))]
[JsonSerializable(typeof(List<EventIdWire>))]
internal sealed partial class SyncthingWireContext : JsonSerializerContext;
