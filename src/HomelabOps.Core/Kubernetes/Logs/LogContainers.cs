using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Chooses the containers of a pod whose logs are meant.</summary>
internal static class LogContainers
{
    /// <summary>The containers that have a log, and what to say about those that have none.</summary>
    public static (IReadOnlyList<LogTarget> Targets, IReadOnlyList<Notice> Notices) Choose(PodWire pod, string cluster, LogQuery query)
    {
        var targets = new List<LogTarget>();
        var notices = new List<Notice>();
        var waiting = new List<(string Container, WaitingWire? Why)>();
        var name = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        foreach (var container in Meant(pod, query))
        {
            var status = Status(pod, container);
            if (query.Previous && HasStarted(status) && status!.LastState?.Terminated is null)
            {
                notices.Add(new WarningNotice(Errors.Text("LogNoPrevious", name, container)));
            }
            else if (HasStarted(status))
            {
                targets.Add(new LogTarget(cluster, pod.Metadata.Namespace ?? "", pod.Metadata.Name, pod.Metadata.Uid ?? "", container, pod.Spec?.NodeName ?? ""));
            }
            else
            {
                waiting.Add((container, status?.State?.Waiting));
            }
        }

        if (waiting.Count > 0 && targets.Count == 0 && notices.Count == 0)
        {
            notices.Add(new WarningNotice(Errors.Text("LogPodWaiting", name, Reason(PodHealth.Of(pod)))));
            return (targets, notices);
        }

        // A container that only waits for its turn needs no word while another of the pod has something to say.
        notices.AddRange(waiting
            .Where(container => container.Why?.Reason is { Length: > 0 } and not "PodInitializing" and not "ContainerCreating")
            .Select(container => new WarningNotice(Errors.Text("LogContainerWaiting", name, container.Container, $"{container.Why!.Reason} {container.Why.Message}".TrimEnd()))));
        return (targets, notices);
    }

    /// <summary>The names of all containers of a pod.</summary>
    public static IEnumerable<string> Names(PodWire pod) =>
        (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []).Select(container => container.Name);

    /// <summary>The state of a container, whichever kind it is of.</summary>
    public static ContainerStatusWire? Status(PodWire pod, string container) =>
        pod.Status?.ContainerStatuses?.Find(status => status.Name == container)
        ?? pod.Status?.InitContainerStatuses?.Find(status => status.Name == container);

    // Without names those that do the work; while the pod is being initialised its init containers are what tells.
    private static IEnumerable<string> Meant(PodWire pod, LogQuery query)
    {
        var initialized = pod.Status?.Conditions?.Exists(condition => condition is { Type: "Initialized", Status: "True" }) == true;
        var init = (pod.Spec?.InitContainers ?? []).Where(container => query.Containers.Count > 0 || container.RestartPolicy == "Always" || !initialized);
        return init.Concat(pod.Spec?.Containers ?? []).Select(container => container.Name).Where(query.AcceptsContainer);
    }

    private static bool HasStarted(ContainerStatusWire? status) =>
        status?.State is { Running: not null } or { Terminated: not null } || status?.LastState?.Terminated is not null;

    private static string Reason(PodHealth health)
    {
        var reason = health.Reason.Length > 0 ? health.Reason : health.Status;
        return health.Message.Length > 0 ? $"{reason}: {health.Message}" : $"{reason}.";
    }
}
