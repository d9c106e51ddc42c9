using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>How long a failed pod of a DaemonSet stays before it is replaced: longer each time on the same node, so that a node that refuses it is not flooded.</summary>
internal sealed class FailureBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Set, string Node), Wait> _waits = new();

    /// <summary>The time that is left for a pod; null when it may be replaced.</summary>
    /// <param name="place">Uid of the set, and the node.</param>
    /// <param name="pod">Uid of the pod that failed.</param>
    /// <param name="now">Time of the homelab.</param>
    public TimeSpan? Left((string Set, string Node) place, string pod, DateTimeOffset now)
    {
        var wait = _waits.AddOrUpdate(place, _ => new(pod, now, First), (_, known) => known.Pod == pod ? known : new(pod, now, Next(known, now)));
        return wait.Since + wait.Delay - now is { Ticks: > 0 } left ? left : null;
    }

    // What has gone well for a while begins anew.
    private static TimeSpan Next(Wait known, DateTimeOffset now) =>
        now - known.Since > Longest * 2 ? First : known.Delay * 2 < Longest ? known.Delay * 2 : Longest;

    private sealed record Wait(string Pod, DateTimeOffset Since, TimeSpan Delay);
}
