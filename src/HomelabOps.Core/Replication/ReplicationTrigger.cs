using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>
/// The manual trigger of one replication: it is set with a token of its own, and taken away in every case, because as long as it is
/// there VolSync does not follow the schedule.
/// </summary>
internal sealed class ReplicationTrigger(ClusterClient client, ResourceType type, ResourceReference replication, JsonObject before, bool unlocks, ChangeJournal journal)
{
    private const string Own = "homelabops-";

    // It is done whether or not anybody waits any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly JsonNode? _trigger = before["spec"]?["trigger"];

    /// <summary>A token of the user's own is there. VolSync would take it for a new one if it were put back, and run once more.</summary>
    public bool HasOwnToken => Former is { Length: > 0 };

    /// <summary>It has neither schedule nor token: VolSync begins again as soon as a run is over.</summary>
    public bool IsEndless => !HasOwnToken && string.IsNullOrEmpty((string?)_trigger?["schedule"]);

    private string? Former => (string?)_trigger?["manual"];

    // One that was left to a run that went on is not put back: it would unlock once more, unasked.
    private string? FormerUnlock => (string?)before["spec"]?["restic"]?["unlock"] is { } unlock && !unlock.StartsWith(Own, StringComparison.Ordinal) ? unlock : null;

    /// <summary>A token that nobody else has.</summary>
    public static string NewToken() => $"{Own}{DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>Asks for a run.</summary>
    public Task SetAsync(string token, CancellationToken cancellationToken) =>
        PatchAsync(Patch(new JsonObject { ["manual"] = token }, unlocks, token), HasOwnToken ? JournalUndo.None("ReplicationOwnToken") : JournalUndo.MergePatch(Reverse(unlocks).ToJsonString()), cancellationToken);

    /// <summary>Takes the trigger away, so that the schedule counts again.</summary>
    /// <param name="isRunning">The run goes on, so what its Job is made of has to stay, or VolSync would begin it anew.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    public async Task<HomelabException?> PutBackAsync(bool isRunning = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await PatchAsync(Reverse(unlocks && !isRunning), JournalUndo.None("ReplicationPutBack"), limit.Token);
            return null;
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
        {
            return null;
        }
        catch (HomelabException error)
        {
            return Errors.ReplicationTriggerLeft(replication, error.Message);
        }
        catch (OperationCanceledException)
        {
            return Errors.ReplicationTriggerLeft(replication, Errors.Text("Detail_SyncthingSilent", Patience.TotalSeconds));
        }
    }

    /// <summary>Whether the run that was asked for is over.</summary>
    public static bool IsDone(ReplicationWire item, string token) => item.Status?.LastManualSync == token;

    private JsonObject Reverse(bool locks)
    {
        JsonNode? trigger = HasOwnToken ? new JsonObject() : _trigger is null ? null : new JsonObject { ["manual"] = null };
        return Patch(trigger, locks, FormerUnlock);
    }

    private static JsonObject Patch(JsonNode? trigger, bool unlocks, string? unlock)
    {
        var spec = new JsonObject { ["trigger"] = trigger };
        if (unlocks)
        {
            spec["restic"] = new JsonObject { ["unlock"] = unlock };
        }

        return new() { ["spec"] = spec };
    }

    private Task<JsonObject> PatchAsync(JsonObject patch, JournalUndo undo, CancellationToken cancellationToken) => journal.RunAsync(
        new JournalEntry { Cluster = client.Name, Kind = replication.Kind, Namespace = replication.Namespace, Name = replication.Name, Change = patch.ToJsonString(), Undo = undo },
        () => client.PatchAsync(type, replication.Namespace, replication.Name, PatchKind.Merge, patch, cancellationToken));
}
