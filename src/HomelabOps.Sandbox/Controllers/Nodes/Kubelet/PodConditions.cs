using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>The conditions of a pod that its kubelet writes.</summary>
internal static class PodConditions
{
    private const string Completed = "PodCompleted";

    public static JsonArray Build(JsonObject pod, PodRun run, string phase, DateTimeOffset now)
    {
        var isFailed = run.Failure is not null || phase == "Failed";
        var running = run.Containers.Any(container => container.Phase == ContainerPhase.Running);
        var incomplete = run.Containers.Where(container => container is { IsInit: true } && !(container.IsSidecar ? container.IsStarted : container.Ended?.ExitCode == 0 && container.Phase == ContainerPhase.Terminated)).Select(container => container.Name).ToArray();
        var unready = run.Containers.Where(container => !container.IsInit && !container.IsReady).Select(container => container.Name).Order(StringComparer.Ordinal).ToArray();
        var isDone = phase == "Succeeded";
        var initialized = isDone ? ("True", Completed, null) : incomplete.Length == 0 ? ("True", null, null) : ("False", "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
        (string, string?, string?) ready = isDone ? ("False", Completed, null)
            : isFailed ? ("False", "PodFailed", null)
            : unready.Length == 0 ? ("True", null, null)
            : ("False", "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
        var known = Cells.Items(pod, "status.conditions").ToArray();
        var conditions = new JsonArray(
            Condition(known, "PodReadyToStartContainers", (run.HasSandbox && (running || (!isDone && !isFailed)) ? "True" : "False", null, null), now),
            Condition(known, "Initialized", initialized, now),
            Condition(known, "Ready", ready.Item1 == "True" && Gate(pod, known) is { } gate ? ("False", "ReadinessGatesNotReady", gate) : ready, now),
            Condition(known, "ContainersReady", ready, now));
        if (run.Failure is { Reason: "Evicted" } evicted)
        {
            conditions.Add(Condition(known, "DisruptionTarget", ("True", "TerminationByKubelet", evicted.Message), now));
        }

        foreach (var other in known.Where(condition => !conditions.Any(own => (string?)own!["type"] == (string?)condition["type"])))
        {
            conditions.Add(other.DeepClone());
        }

        return conditions;
    }

    // What others have to say first; null when they have.
    private static string? Gate(JsonObject pod, JsonObject[] known)
    {
        var open = Cells.Items(pod, "spec.readinessGates").Select(gate => Cells.Text(gate, "conditionType"))
            .Select(type => (Type: type, Found: Array.Find(known, condition => (string?)condition["type"] == type)))
            .Where(gate => (string?)gate.Found?["status"] != "True")
            .Select(gate => gate.Found is null
                ? $"corresponding condition of pod readiness gate \"{gate.Type}\" does not exist."
                : $"the status of pod readiness gate \"{gate.Type}\" is not \"True\", but {(string?)gate.Found["status"]}")
            .ToList();
        return open.Count == 0 ? null : string.Join(", ", open);
    }

    private static JsonObject Condition(JsonObject[] known, string type, (string Status, string? Reason, string? Message) value, DateTimeOffset now)
    {
        var before = Array.Find(known, condition => (string?)condition["type"] == type);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = value.Status,
            ["lastTransitionTime"] = (string?)before?["status"] == value.Status ? before["lastTransitionTime"]?.DeepClone() : Timestamps.Format(now),
        };
        if (value.Reason is not null)
        {
            condition["reason"] = value.Reason;
        }

        if (value.Message is not null)
        {
            condition["message"] = value.Message;
        }

        return condition;
    }
}
