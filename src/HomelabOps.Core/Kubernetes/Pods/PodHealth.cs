using System.Globalization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>What kubectl shows in the columns READY, STATUS and RESTARTS, by the rules of its own printer.</summary>
internal readonly record struct PodHealth(string Status, int Ready, int Total, int Restarts, DateTimeOffset? LastRestart, string Reason, string Message)
{
    private const string NodeLost = "NodeLost";

    public static PodHealth Of(PodWire pod)
    {
        var status = pod.Status ?? new();
        var summary = new Summary(pod, status);
        var text = summary.Text(status.Reason is { Length: > 0 } reason ? reason : status.Phase ?? "Unknown");
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            text = status.Reason == NodeLost ? "Unknown" : status.Phase is "Succeeded" or "Failed" ? text : "Terminating";
        }

        var (why, message) = Trouble(pod, status, text);
        return new PodHealth(text, summary.Ready, summary.Total, summary.Restarts, summary.LastRestart, why, message);
    }

    // Why the pod is not well: the waiting or ended container, else the condition that is False, else the pod's own reason.
    private static (string Reason, string Message) Trouble(PodWire pod, PodStatusWire status, string text)
    {
        if (status.Phase == "Succeeded" || IsReady(status))
        {
            return ("", "");
        }

        foreach (var container in (status.InitContainerStatuses ?? []).Concat(status.ContainerStatuses ?? []))
        {
            if (container.State?.Waiting is { Reason: { Length: > 0 } waiting and not "PodInitializing" and not "ContainerCreating" } state)
            {
                return (waiting, state.Message ?? "");
            }

            if (container is { Ready: false, State.Terminated: { } ended } && ended.Reason != "Completed")
            {
                return (ended.Reason ?? "Error", ended.Message is { Length: > 0 } said ? said
                    : string.Create(CultureInfo.InvariantCulture, $"container {container.Name} ended with exit code {ended.ExitCode}"));
            }
        }

        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return (text, "");
        }

        if (status.Reason is { Length: > 0 } reason)
        {
            return (reason, status.Message ?? "");
        }

        var condition = status.Conditions?.Find(c => c is { Status: "False", Type: "PodScheduled" })
            ?? status.Conditions?.Find(c => c is { Status: "False", Type: "Initialized" })
            ?? status.Conditions?.Find(c => c is { Status: "False", Type: "ContainersReady" or "Ready" });
        return (condition?.Reason ?? text, condition?.Message ?? status.Message ?? "");
    }

    private static bool IsReady(PodStatusWire status) => status.Conditions?.Exists(c => c is { Type: "Ready", Status: "True" }) == true;

    private sealed class Summary
    {
        private readonly PodWire _pod;
        private readonly PodStatusWire _status;
        private readonly Dictionary<string, ContainerWire> _initContainers;

        public Summary(PodWire pod, PodStatusWire status)
        {
            (_pod, _status) = (pod, status);
            _initContainers = (pod.Spec?.InitContainers ?? []).ToDictionary(container => container.Name, StringComparer.Ordinal);
            Total = (pod.Spec?.Containers?.Count ?? 0) + _initContainers.Values.Count(IsSidecar);
        }

        public int Total { get; }

        public int Ready { get; private set; }

        public int Restarts { get; private set; }

        public DateTimeOffset? LastRestart { get; private set; }

        public string Text(string text)
        {
            if (_status.Conditions?.Exists(c => c is { Type: "PodScheduled", Reason: "SchedulingGated" }) == true)
            {
                text = "SchedulingGated";
            }

            var initializing = InitText(ref text);
            if (initializing && !(_status.Conditions?.Exists(c => c is { Type: "Initialized", Status: "True" }) == true))
            {
                return text;
            }

            // As in kubectl: the containers' own restarts replace those of the init containers, sidecars count on.
            (Restarts, LastRestart) = (0, null);
            foreach (var sidecar in (_status.InitContainerStatuses ?? []).Where(IsSidecarStatus))
            {
                Count(sidecar);
            }

            return MainText(text);
        }

        private bool InitText(ref string text)
        {
            var statuses = _status.InitContainerStatuses ?? [];
            for (var index = 0; index < statuses.Count; index++)
            {
                var status = statuses[index];
                Count(status);
                switch (status.State)
                {
                    case { Terminated.ExitCode: 0 }:
                        continue;
                    case var _ when IsSidecarStatus(status) && status.Started == true:
                        Ready += status.Ready ? 1 : 0;
                        continue;
                    case { Terminated: { } ended }:
                        text = "Init:" + Ended(ended);
                        return true;
                    case { Waiting.Reason: { Length: > 0 } waiting } when waiting != "PodInitializing":
                        text = "Init:" + waiting;
                        return true;
                    default:
                        text = string.Create(CultureInfo.InvariantCulture, $"Init:{index}/{_pod.Spec?.InitContainers?.Count ?? statuses.Count}");
                        return true;
                }
            }

            return false;
        }

        private string MainText(string text)
        {
            var running = false;
            var statuses = _status.ContainerStatuses ?? [];
            for (var index = statuses.Count - 1; index >= 0; index--)
            {
                var status = statuses[index];
                Count(status);
                switch (status.State)
                {
                    case { Waiting.Reason: { Length: > 0 } waiting }:
                        text = waiting;
                        break;
                    case { Terminated: { } ended }:
                        text = Ended(ended);
                        break;
                    case { Running: not null } when status.Ready:
                        running = true;
                        Ready++;
                        break;
                    default:
                        break;
                }
            }

            if (text != "Completed" || !running)
            {
                return text;
            }

            return _status.Conditions?.Exists(c => c is { Type: "Ready", Status: "True" }) == true ? "Running" : "NotReady";
        }

        private void Count(ContainerStatusWire status)
        {
            Restarts += status.RestartCount;
            if (status.RestartCount > 0 && status.LastState?.Terminated?.FinishedAt is { } ended && !(ended <= LastRestart))
            {
                LastRestart = ended;
            }
        }

        private bool IsSidecarStatus(ContainerStatusWire status) =>
            _initContainers.TryGetValue(status.Name, out var container) && IsSidecar(container);

        private static bool IsSidecar(ContainerWire container) => container.RestartPolicy == "Always";

        private static string Ended(TerminatedWire ended) => ended switch
        {
            { Reason: { Length: > 0 } reason } => reason,
            { Signal: > 0 } => string.Create(CultureInfo.InvariantCulture, $"Signal:{ended.Signal}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"ExitCode:{ended.ExitCode}"),
        };
    }
}
