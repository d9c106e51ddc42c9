using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>How many pods each ReplicaSet of a Deployment may have next, by the rules of a rolling update.</summary>
internal static class Rollout
{
    /// <summary>What the present ReplicaSet asks for next.</summary>
    public static long NextOfCurrent(JsonObject deployment, IEnumerable<JsonObject> sets, long present)
    {
        var limits = RolloutLimits.Of(deployment);
        if (Text(deployment, "spec.strategy.type") == "Recreate")
        {
            return limits.Replicas;
        }

        var total = sets.Sum(Wanted);
        return total >= limits.Most ? present : present + Math.Min(limits.Most - total, limits.Replicas - present);
    }

    /// <summary>Which old ReplicaSets shrink, and to what, as far as enough pods stay available.</summary>
    public static IEnumerable<(JsonObject Set, long Replicas)> Shrink(JsonObject deployment, JsonObject current, IReadOnlyCollection<JsonObject> old)
    {
        var limits = RolloutLimits.Of(deployment);
        var total = Wanted(current) + old.Sum(Wanted);
        var least = limits.Replicas - limits.Unavailable;
        var currentUnavailable = Wanted(current) - Number(current, "status.availableReplicas");
        var spare = total - least - currentUnavailable;
        if (old.Sum(Wanted) == 0 || spare <= 0)
        {
            yield break;
        }

        // Pods that do not work are no loss.
        var remaining = old.ToDictionary(set => set, Wanted);
        var cleaned = 0L;
        foreach (var set in old.OrderBy(Created))
        {
            var unhealthy = Math.Min(spare - cleaned, Math.Max(0, Wanted(set) - Number(set, "status.availableReplicas")));
            remaining[set] -= unhealthy;
            cleaned += unhealthy;
        }

        // A status that is not up to date still counts pods that are on their way out.
        var available = old.Append(current).Sum(set => Math.Min(Wanted(set), Number(set, "status.availableReplicas")));
        var given = 0L;
        foreach (var set in old.OrderBy(Created))
        {
            var more = Math.Min(available - least - given, remaining[set]);
            if (more > 0)
            {
                remaining[set] -= more;
                given += more;
            }
        }

        foreach (var (set, replicas) in remaining.Where(item => item.Value != Wanted(item.Key)))
        {
            yield return (set, replicas);
        }
    }

    /// <summary>How a change of scale in the middle of a rollout is shared among the ReplicaSets that have pods: each by its size.</summary>
    public static IEnumerable<(JsonObject Set, long Replicas)> Share(JsonObject deployment, IReadOnlyCollection<JsonObject> active)
    {
        var limits = RolloutLimits.Of(deployment);
        var total = active.Sum(Wanted);
        var toAdd = (limits.Replicas > 0 ? limits.Most : 0) - total;
        if (toAdd == 0)
        {
            return [.. active.Select(set => (set, Wanted(set)))];
        }

        var ordered = toAdd > 0
            ? active.OrderByDescending(Wanted).ThenByDescending(Created).ToList()
            : active.OrderByDescending(Wanted).ThenBy(Created).ToList();
        var added = 0L;
        var sizes = new List<(JsonObject Set, long Replicas)>();
        foreach (var set in ordered)
        {
            var most = ReplicaSetBlueprint.AnnotatedNumber(set, ReplicaSetBlueprint.MaxReplicas) is > 0 and var known ? known : Number(deployment, "status.replicas");
            var fair = most == 0 ? 0 : (long)Math.Round((double)Wanted(set) * limits.Most / most, MidpointRounding.AwayFromZero) - Wanted(set);
            var share = toAdd > 0 ? Math.Min(Math.Max(0, fair), toAdd - added) : Math.Max(Math.Min(0, fair), toAdd - added);
            added += share;
            sizes.Add((set, Wanted(set) + share));
        }

        if (sizes.Count > 0)
        {
            // What rounding has left over goes to the largest.
            sizes[0] = (sizes[0].Set, Math.Max(0, sizes[0].Replicas + toAdd - added));
        }

        return sizes;
    }

    public static long Wanted(JsonObject set) => Number(set, "spec.replicas");

    public static DateTimeOffset Created(JsonObject set) => Timestamps.Parse(Text(set, "metadata.creationTimestamp")) ?? DateTimeOffset.MinValue;
}
