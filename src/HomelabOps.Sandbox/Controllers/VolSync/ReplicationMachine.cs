using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>
/// The states of a replication, which are read from its status: <c>lastSyncStartTime</c> says that one runs. It changes the status
/// it is given and nothing else.
/// </summary>
/// <param name="owner">A ReplicationSource or ReplicationDestination.</param>
/// <param name="status">Its status, to be changed.</param>
/// <param name="now">Time of the homelab.</param>
internal sealed class ReplicationMachine(JsonObject owner, JsonObject status, DateTimeOffset now)
{
    public const string Condition = "Synchronizing";

    private string Manual => Text(owner, "spec.trigger.manual");

    private string Schedule => Text(owner, "spec.trigger.schedule");

    private DateTimeOffset? LastSync => Timestamps.Parse(Text(status, "lastSyncTime"));

    private DateTimeOffset? Start => Timestamps.Parse(Text(status, "lastSyncStartTime"));

    public bool IsSynchronizing => Start is not null;

    /// <summary>Nothing was ever replicated and nothing runs.</summary>
    public bool IsInitial => Start is null && LastSync is null;

    /// <summary>Whether two times of the schedule have passed since the last success.</summary>
    /// <exception cref="MoverException">The schedule is none.</exception>
    public bool HasMissed => Manual.Length == 0 && Schedule.Length > 0 && LastSync is { } last
        && Parsed() is var schedule && schedule.Next(last) is { } next && schedule.Next(next) < now;

    public void Begin()
    {
        status["lastSyncStartTime"] = Timestamps.Format(now);
        SetRunning();
    }

    public void SetRunning() => Set("True", "SyncInProgress", "Synchronization in-progress");

    /// <summary>All data is over. The token that counts is the one that is asked for now.</summary>
    /// <exception cref="MoverException">The schedule is none.</exception>
    public void Complete()
    {
        var next = NextSync(now);
        status["lastSyncTime"] = Timestamps.Format(now);
        status["lastSyncDuration"] = GoDuration.Text(now - Start!.Value);
        Put("nextSyncTime", next);
        if (Manual.Length > 0)
        {
            status["lastManualSync"] = Manual;
        }
        else
        {
            status.Remove("lastManualSync");
        }

        status.Remove("lastSyncStartTime");
        Set("False", "CleaningUp", "Cleaning up");
    }

    /// <summary>What a run has left behind is gone: begins the next one, or waits for it.</summary>
    /// <returns>How long until the schedule says so; null when nothing is planned.</returns>
    /// <exception cref="MoverException">The schedule is none.</exception>
    public TimeSpan? Rest()
    {
        var next = NextSync(LastSync!.Value);
        Put("nextSyncTime", next);
        if (Manual.Length > 0 ? Manual != Text(status, "lastManualSync") : next is null || now > next)
        {
            Begin();
            return null;
        }

        if (Manual.Length == 0)
        {
            Set("False", "WaitingForSchedule", "Waiting for next scheduled synchronization");
        }
        else
        {
            Set("False", "WaitingForManual", "Waiting for manual trigger");
        }

        return next - now;
    }

    public void Fail(string message) => Set("False", "Error", message);

    private DateTimeOffset? NextSync(DateTimeOffset last) => Manual.Length == 0 && Schedule.Length > 0 ? Parsed().Next(last) : null;

    private CronSchedule Parsed() => CronSchedule.Parse(Schedule) ?? throw new MoverException(
        Schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: not 5 } fields
            ? Invariant($"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]")
            : $"failed to parse schedule: {Schedule}");

    private void Put(string field, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            status[field] = Timestamps.Format(value);
        }
        else
        {
            status.Remove(field);
        }
    }

    private void Set(string value, string reason, string message) => Api.Rules.Conditions.Set(status, Condition, value, Timestamps.Format(now), reason, message);
}
