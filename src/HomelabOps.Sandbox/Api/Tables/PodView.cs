using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>The table of pods, whose status is told from many fields.</summary>
internal static class PodView
{
    public static TableView View { get; } = new(
        [
            TableViews.Name, new("Ready"), new("Status"), new("Restarts"), TableViews.Age, new("IP", Priority: 1), new("Node", Priority: 1), new("Nominated Node", Priority: 1), new("Readiness Gates", Priority: 1),
        ],
        Cells);

    private static object?[] Cells(JsonObject pod, TableClock clock)
    {
        var containers = Items(pod, "spec.containers").Count() + Items(pod, "spec.initContainers").Count(IsSidecar);
        var statuses = Items(pod, "status.containerStatuses").ToArray();
        var (restarts, last, ready, reason) = (0L, default(DateTimeOffset?), 0, Text(pod, "status.reason", Text(pod, "status.phase")));
        if (Items(pod, "status.conditions").Any(condition => Text(condition, "type") == "PodScheduled" && Text(condition, "reason") == "SchedulingGated"))
        {
            reason = "SchedulingGated";
        }

        var initializing = Initializing(pod, ref reason, ref restarts, ref last, ref ready);
        if (!initializing)
        {
            var running = false;
            foreach (var status in statuses.Reverse())
            {
                restarts += Number(status, "restartCount");
                last = Later(last, status);
                var state = status["state"];
                if (Text(state, "waiting.reason") is { Length: > 0 } waiting)
                {
                    reason = waiting;
                }
                else if (At(state, "terminated") is { } terminated)
                {
                    reason = Terminated(terminated);
                }
                else if ((bool?)status["ready"] == true && At(state, "running") is not null)
                {
                    running = true;
                    ready++;
                }
            }

            if (reason == "Completed" && running)
            {
                reason = Conditions.IsReady(pod) ? "Running" : "NotReady";
            }
        }

        if (pod["metadata"]?["deletionTimestamp"] is not null)
        {
            reason = Text(pod, "status.reason") == "NodeLost" ? "Unknown" : Text(pod, "status.phase") is "Succeeded" or "Failed" ? reason : "Terminating";
        }

        var restarted = restarts > 0 && last is { } at ? Invariant($"{restarts} ({clock.Since(JsonValue.Create(Objects.Timestamps.Format(at)))} ago)") : Invariant($"{restarts}");
        var gates = Items(pod, "spec.readinessGates").ToArray();
        var met = gates.Count(gate => Items(pod, "status.conditions").Any(condition => Text(condition, "type") == Text(gate, "conditionType") && Text(condition, "status") == "True"));
        return
        [
            TableViews.NameOf(pod), Invariant($"{ready}/{containers}"), reason, restarted, clock.Age(pod), Text(pod, "status.podIP", None), Text(pod, "spec.nodeName", None),
            Text(pod, "status.nominatedNodeName", None), gates.Length == 0 ? None : Invariant($"{met}/{gates.Length}"),
        ];
    }

    private static bool Initializing(JsonObject pod, ref string reason, ref long restarts, ref DateTimeOffset? last, ref int ready)
    {
        var declared = Items(pod, "spec.initContainers").ToArray();
        var index = 0;
        foreach (var status in Items(pod, "status.initContainerStatuses"))
        {
            var sidecar = declared.Any(container => Text(container, "name") == Text(status, "name") && IsSidecar(container));
            restarts += Number(status, "restartCount");
            last = Later(last, status);
            var terminated = At(status, "state.terminated");
            if (terminated is not null && Number(terminated, "exitCode") == 0)
            {
                index++;
                continue;
            }

            if (sidecar && (bool?)status["started"] == true)
            {
                ready += (bool?)status["ready"] == true ? 1 : 0;
                index++;
                continue;
            }

            reason = terminated is not null ? "Init:" + Terminated(terminated)
                : Text(status, "state.waiting.reason") is { Length: > 0 } waiting && waiting != "PodInitializing" ? "Init:" + waiting
                : Invariant($"Init:{index}/{declared.Length}");
            return true;
        }

        return false;
    }

    private static string Terminated(JsonNode terminated) => Text(terminated, "reason") is { Length: > 0 } reason ? reason
        : Number(terminated, "signal") is not 0 and var signal ? Invariant($"Signal:{signal}")
        : Invariant($"ExitCode:{Number(terminated, "exitCode")}");

    private static bool IsSidecar(JsonObject container) => Text(container, "restartPolicy") == "Always";

    private static DateTimeOffset? Later(DateTimeOffset? last, JsonObject status) =>
        Objects.Timestamps.Parse(Text(status, "lastState.terminated.finishedAt")) is { } finished && (last is null || finished > last) ? finished : last;
}
