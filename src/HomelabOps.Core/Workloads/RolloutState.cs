using System.Globalization;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>How far a workload's controller is with the present generation, by the rules of <c>kubectl rollout status</c>.</summary>
/// <param name="Replicas">Pods that are wanted.</param>
/// <param name="Updated">Pods of the present template.</param>
/// <param name="Ready">Pods that are ready, of any template.</param>
/// <param name="Available">Pods that have been ready for long enough, of any template.</param>
/// <param name="Complete">All pods are of the present template and available, and none is left of another.</param>
/// <param name="Failed">The controller has given up.</param>
/// <param name="Reason">One word for what is missing; <c>Complete</c> when nothing is.</param>
/// <param name="Message">The same in a sentence.</param>
internal sealed record RolloutState(int Replicas, int Updated, int Ready, int Available, bool Complete, bool Failed, string Reason, string Message)
{
    /// <summary>The state of a workload.</summary>
    public static RolloutState Of(Workload workload)
    {
        var (spec, status) = (workload.Wire.Spec ?? new(), workload.Wire.Status ?? new());
        var state = workload.Type.Kind switch
        {
            WorkloadTypes.DaemonSet => DaemonSet(spec, status),
            WorkloadTypes.StatefulSet => StatefulSet(spec, status),
            WorkloadTypes.CronJob => new(0, 0, 0, 0, true, false, "Applied", Errors.Text("Detail_RolloutCronJob")),
            _ => Deployment(spec, status),
        };

        // What the status says is of an older template until then.
        return workload.Type.Kind != WorkloadTypes.CronJob && status.ObservedGeneration < workload.Wire.Metadata.Generation
            ? state with { Complete = false, Failed = false, Reason = "Unobserved", Message = Errors.Text("Detail_RolloutUnobserved") }
            : state;
    }

    private static RolloutState Deployment(WorkloadSpecWire spec, WorkloadStatusWire status)
    {
        var wanted = spec.Replicas ?? 1;
        var state = new RolloutState(wanted, status.UpdatedReplicas, status.ReadyReplicas, status.AvailableReplicas, false, false, "", "");
        if (status.Conditions?.Find(condition => condition is { Type: "Progressing", Reason: "ProgressDeadlineExceeded" }) is { } late)
        {
            return state with { Failed = true, Reason = late.Reason!, Message = late.Message ?? "" };
        }

        return status.UpdatedReplicas < wanted && spec.Paused == true ? state.Waiting("Paused", "Detail_RolloutPaused")
            : status.UpdatedReplicas < wanted ? state.Waiting("Updating", "Detail_RolloutUpdating", status.UpdatedReplicas, wanted)
            : status.Replicas > status.UpdatedReplicas ? state.Waiting("Terminating", "Detail_RolloutTerminating", status.Replicas - status.UpdatedReplicas)
            : status.AvailableReplicas < status.UpdatedReplicas ? state.Waiting("Starting", "Detail_RolloutStarting", status.AvailableReplicas, status.UpdatedReplicas)
            : state.Done();
    }

    private static RolloutState StatefulSet(WorkloadSpecWire spec, WorkloadStatusWire status)
    {
        var wanted = spec.Replicas ?? 1;

        // Servers before 1.22 do not count what is available.
        var available = Math.Max(status.AvailableReplicas, status.ReadyReplicas);
        var isSettled = status.UpdateRevision == status.CurrentRevision;
        var updated = isSettled ? Math.Max(status.UpdatedReplicas, status.Replicas) : status.UpdatedReplicas;
        var state = new RolloutState(wanted, updated, status.ReadyReplicas, available, false, false, "", "");
        if (spec.UpdateStrategy?.Type == "OnDelete")
        {
            return available < wanted ? state.Waiting("Starting", "Detail_RolloutStarting", available, wanted) : state.Done();
        }

        var target = wanted - Math.Min(wanted, spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0);
        return updated < target ? state.Waiting("Updating", "Detail_RolloutUpdating", updated, target)
            : available < wanted ? state.Waiting("Starting", "Detail_RolloutStarting", available, wanted)
            : status.Replicas > wanted ? state.Waiting("Terminating", "Detail_RolloutTerminating", status.Replicas - wanted)
            : target == wanted && !isSettled ? state.Waiting("Updating", "Detail_RolloutUpdating", updated, target)
            : state.Done();
    }

    private static RolloutState DaemonSet(WorkloadSpecWire spec, WorkloadStatusWire status)
    {
        var wanted = status.DesiredNumberScheduled;
        var state = new RolloutState(wanted, status.UpdatedNumberScheduled, status.NumberReady, status.NumberAvailable, false, false, "", "");
        return spec.UpdateStrategy?.Type != "OnDelete" && status.UpdatedNumberScheduled < wanted ? state.Waiting("Updating", "Detail_RolloutUpdating", status.UpdatedNumberScheduled, wanted)
            : status.NumberAvailable < wanted ? state.Waiting("Starting", "Detail_RolloutStarting", status.NumberAvailable, wanted)
            : state.Done();
    }

    private RolloutState Waiting(string reason, string text, params ReadOnlySpan<int> counts)
    {
        var arguments = new object[counts.Length];
        for (var index = 0; index < counts.Length; index++)
        {
            arguments[index] = counts[index].ToString(CultureInfo.InvariantCulture);
        }

        return this with { Reason = reason, Message = Errors.Text(text, arguments) };
    }

    private RolloutState Done() => this with { Complete = true, Reason = "Complete", Message = Errors.Text("Detail_RolloutComplete", Available, Replicas) };
}
