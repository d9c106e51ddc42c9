using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>Tells a pod that needs help from one that only takes its time.</summary>
internal static class PodTrouble
{
    // The autoscaler, a late volume or another pod that goes may still make room.
    private static readonly TimeSpan ScheduleWindow = TimeSpan.FromSeconds(15);

    // ErrImagePull is left out: ImagePullBackOff follows, unless the second try succeeds. So is the first end of a container.
    private static readonly HashSet<string> Hopeless = new(StringComparer.Ordinal)
    {
        "CrashLoopBackOff", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "CreateContainerConfigError",
        "CreateContainerError", "RunContainerError", "PreStartHookError", "PostStartHookError", "ContainerCannotRun",
    };

    /// <summary>What keeps the pod from becoming ready without help; null when nothing does.</summary>
    public static RolloutTrouble? Of(PodWire pod)
    {
        var health = PodHealth.Of(pod);
        if (Hopeless.Contains(health.Reason))
        {
            var container = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).FirstOrDefault(status => status.State?.Waiting?.Reason == health.Reason);
            return new((pod.Metadata.Name, container?.Name), health.Reason, health.Message);
        }

        var scheduled = pod.Status?.Conditions?.Find(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" });
        return scheduled is not null && DateTimeOffset.UtcNow - (scheduled.LastTransitionTime ?? pod.Metadata.CreationTimestamp ?? DateTimeOffset.UtcNow) > ScheduleWindow
            ? new((pod.Metadata.Name, null), "Unschedulable", scheduled.Message ?? "")
            : pod.Status?.Phase == "Failed" ? new((pod.Metadata.Name, null), health.Reason, health.Message) : null;
    }
}
