using HomelabOps.Core.Flux.Wire;

namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>Tells from an object's status how far the attempt is that was asked for.</summary>
internal static class ReconcileAttempt
{
    public static AttemptState Of(FluxWire wire, string token)
    {
        if (wire.CommonStatus?.LastHandledReconcileAt != token)
        {
            return AttemptState.Waiting;
        }

        var conditions = wire.CommonStatus.Conditions ?? [];
        var ready = conditions.Find(condition => condition.Type == "Ready");
        if (conditions.Exists(condition => condition is { Type: "Stalled", Status: "True" }))
        {
            return AttemptState.Failed;
        }

        return ready?.Status switch
        {
            // The controllers write the token at the end of an attempt. Reconciling stays True after one that failed, with a reason of its own.
            "False" when ready.Reason == "DependencyNotReady" => AttemptState.Blocked,
            "False" when conditions.Exists(condition => condition is { Type: "Reconciling", Status: "True", Reason: "Progressing" }) => AttemptState.Waiting,
            "False" => AttemptState.Failed,
            "True" when (ready.ObservedGeneration ?? wire.CommonStatus.ObservedGeneration) is { } seen and > 0 && seen < wire.Metadata.Generation => AttemptState.Waiting,
            "True" => AttemptState.Succeeded,
            _ => AttemptState.Waiting,
        };
    }
}
