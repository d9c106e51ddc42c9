using System.Text.Json.Serialization;

namespace HomelabOps.Core.Journal;

/// <summary>A change that was made, or begun, and what undoes it. Holds no secret: patches of Secrets are not written down.</summary>
internal sealed class JournalEntry
{
    /// <summary>Format of the journal. Who reads a newer one says so instead of guessing.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    /// <summary>The change; lines of one change share it.</summary>
    public string Id { get; set; } = "";

    /// <summary>When the line was written, UTC.</summary>
    public DateTimeOffset Time { get; set; }

    public JournalState State { get; set; }

    /// <summary>Who made it, as <c>user@machine</c>.</summary>
    public string? By { get; set; }

    /// <summary>Connection that it was made through; null for a change of files.</summary>
    public string? Cluster { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string? Name { get; set; }

    /// <summary>What was done, as the patch that was sent or in words.</summary>
    public string? Change { get; set; }

    public JournalUndo? Undo { get; set; }

    /// <summary>Why it failed; null for the other states.</summary>
    public string? Failure { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalContext : JsonSerializerContext;
