using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Makes records of pods.</summary>
internal static class PodMapper
{
    public static HomelabPod Map(PodWire pod, string cluster, ResourceReference? owner)
    {
        var health = PodHealth.Of(pod);
        var ready = pod.Status?.Conditions?.Exists(condition => condition is { Type: "Ready", Status: "True" }) == true;
        return new HomelabPod
        {
            Cluster = cluster,
            Kind = "Pod",
            Namespace = pod.Metadata.Namespace ?? "",
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid ?? "",
            Ready = ready,
            Healthy = pod.Metadata.DeletionTimestamp is null && (ready || pod.Status?.Phase == "Succeeded"),
            ReadyContainers = health.Ready,
            Containers = health.Total,
            Status = health.Status,
            Reason = health.Reason,
            Message = health.Message,
            Restarts = health.Restarts,
            LastRestart = WireMapping.Local(health.LastRestart),
            Node = pod.Spec?.NodeName ?? "",
            IP = pod.Status?.PodIP ?? "",
            Owner = owner,
            App = Ownership.App(owner, pod.Metadata),
            Labels = WireMapping.Labels(pod.Metadata),
            Age = WireMapping.Age(pod.Metadata.CreationTimestamp),
            Conditions = WireMapping.Conditions(pod.Status?.Conditions),
        };
    }
}
