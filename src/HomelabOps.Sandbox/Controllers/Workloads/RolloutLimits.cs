using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>How many pods a Deployment may have above and below what it wants.</summary>
/// <param name="Replicas">What it wants.</param>
/// <param name="Surge">How many more it may have.</param>
/// <param name="Unavailable">How many may be missing.</param>
internal sealed record RolloutLimits(long Replicas, long Surge, long Unavailable)
{
    /// <summary>The most pods at any time.</summary>
    public long Most => Replicas + Surge;

    public static RolloutLimits Of(JsonObject deployment)
    {
        var replicas = Number(deployment, "spec.replicas");
        if (Text(deployment, "spec.strategy.type") == "Recreate" || replicas == 0)
        {
            return new(replicas, 0, 0);
        }

        var surge = Scaled(At(deployment, "spec.strategy.rollingUpdate.maxSurge"), replicas, roundUp: true);
        var unavailable = Scaled(At(deployment, "spec.strategy.rollingUpdate.maxUnavailable"), replicas, roundUp: false);

        // With neither nothing could ever change.
        return new(replicas, surge, surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, replicas));
    }

    /// <summary>A number, or a percentage of a total.</summary>
    public static long Scaled(JsonNode? value, long total, bool roundUp)
    {
        if (Numbers.Whole(value) is { } number)
        {
            return number;
        }

        if ((string?)value is not [.., '%'] and not { Length: > 0 } || !double.TryParse(((string)value!).TrimEnd('%'), CultureInfo.InvariantCulture, out var percent))
        {
            return 0;
        }

        var share = percent * total / 100;
        return (long)(roundUp ? Math.Ceiling(share) : Math.Floor(share));
    }
}
