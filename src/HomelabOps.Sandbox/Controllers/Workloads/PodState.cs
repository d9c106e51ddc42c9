using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>How a pod fares, in the words of those who own pods.</summary>
internal static class PodState
{
    /// <summary>It has ended, well or not.</summary>
    public static bool HasEnded(JsonObject pod) => Text(pod, "status.phase") is "Succeeded" or "Failed";

    /// <summary>It has not ended, and nobody has deleted it.</summary>
    public static bool IsActive(JsonObject pod) => !HasEnded(pod) && !Ownership.IsDeleting(pod);

    public static DateTimeOffset? ReadySince(JsonObject pod) => Conditions.IsReady(pod) ? Timestamps.Parse(Text(Conditions.Find(pod, "Ready"), "lastTransitionTime")) : null;

    /// <summary>Ready for so long that it counts as available.</summary>
    public static bool IsAvailable(JsonObject pod, long minReadySeconds, DateTimeOffset now) =>
        Conditions.IsReady(pod) && (minReadySeconds == 0 || (ReadySince(pod) is { } since && since.AddSeconds(minReadySeconds) <= now));

    /// <summary>When the first of these will be available without a change of its own; null when none will.</summary>
    public static TimeSpan? UntilAvailable(IEnumerable<JsonObject> pods, long minReadySeconds, DateTimeOffset now)
    {
        var due = minReadySeconds == 0 ? null : pods.Select(ReadySince).Where(since => since?.AddSeconds(minReadySeconds) > now).Min();
        return due?.AddSeconds(minReadySeconds) - now;
    }

    public static long Restarts(JsonObject pod) => Items(pod, "status.containerStatuses").Select(container => Number(container, "restartCount")).DefaultIfEmpty().Max();
}
