using System.Text.Json.Serialization;

namespace HomelabOps.Core.Scheduling;

/// <summary>What a check does, as it is kept on the disk. There is no secret in it: of the webhook only the file is known.</summary>
internal sealed class CheckPlan
{
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    public string Name { get; set; } = "";

    public string Schedule { get; set; } = "";

    public string? KubeConfig { get; set; }

    public List<string>? Contexts { get; set; }

    public List<HomelabArea>? Areas { get; set; }

    public string? ConfigPath { get; set; }

    public string? Repository { get; set; }

    public string? WebhookFile { get; set; }

    public WebhookFormat Format { get; set; }

    public HomelabScheduler Scheduler { get; set; }

    /// <summary>It belongs to the machine, and not to the user.</summary>
    public bool OfMachine { get; set; }

    public List<string>? Command { get; set; }
}

/// <summary>What somebody was last told of.</summary>
internal sealed class CheckState
{
    public DateTimeOffset Time { get; set; }

    /// <summary>What was wrong, and is not known to be gone, by a key for each finding.</summary>
    public SortedDictionary<string, ToldFinding>? Findings { get; set; }
}

/// <summary>A finding that somebody was told of.</summary>
internal sealed class ToldFinding
{
    public string Text { get; set; } = "";

    /// <summary>Name of the cluster; empty for what is of none.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>What nothing was known of when it was last found. Null for what is about the reading itself.</summary>
    public List<string>? Unread { get; set; }
}

/// <summary>The JSON of checks.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckPlan))]
[JsonSerializable(typeof(CheckState))]
internal sealed partial class CheckJson : JsonSerializerContext;
