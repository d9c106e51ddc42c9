using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>Patches that suspend objects of Flux, with annotations for what Flux has no place for: who, why and until when.</summary>
internal static class FluxSuspensions
{
    /// <summary>Suspends, and writes down who, why and until when.</summary>
    public static JsonObject Suspend(FluxSuspension suspension) => Patch(true, Suspensions.Annotations(suspension));

    /// <summary>Ends a suspension and forgets what was written down.</summary>
    public static JsonObject Resume()
    {
        var annotations = Suspensions.Annotations(null);
        foreach (var key in Suspensions.OfOthers)
        {
            annotations[key] = null;
        }

        return Patch(false, annotations);
    }

    /// <summary>Puts a suspension back as it was found.</summary>
    public static JsonObject Restore(FluxResource before) => before.Suspended ? Suspend(before.Suspension ?? new()) : Resume();

    private static JsonObject Patch(bool suspend, JsonObject annotations) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = annotations },
        ["spec"] = new JsonObject { ["suspend"] = suspend },
    };
}
