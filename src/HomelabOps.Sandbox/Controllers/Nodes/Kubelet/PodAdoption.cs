using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Takes over pods that were run before: what they do follows from their status, as a kubelet that was started anew finds its containers.</summary>
internal static class PodAdoption
{
    private static readonly string[] Statuses = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];

    public static PodRun Adopt(JsonObject pod, NodeState node, DateTimeOffset now)
    {
        var run = new PodRun(pod, node, Timestamps.Parse(Cells.Text(pod, "status.startTime")) ?? now);
        run.Ip = Cells.Text(pod, "status.podIP");
        run.AreVolumesMounted = run.HasSandbox = run.Ip.Length > 0;
        run.Extend(pod);
        foreach (var status in Statuses.SelectMany(field => Cells.Items(pod, $"status.{field}")))
        {
            if (run.Container(Cells.Text(status, "name")) is { } container)
            {
                Adopt(container, status, now);
            }
        }

        return run;
    }

    /// <summary>Whether a status says nothing new; fields that it does not name do not count.</summary>
    public static bool IsSame(JsonObject status, JsonObject? present) =>
        present is not null && status.All(field => JsonNode.DeepEquals(field.Value, present[field.Key]));

    private static void Adopt(ContainerRun container, JsonObject status, DateTimeOffset now)
    {
        container.Restarts = (int)Cells.Number(status, "restartCount");
        container.Previous = End(Cells.At(status, "lastState.terminated"));
        if (End(Cells.At(status, "state.terminated")) is { } end)
        {
            container.Ended = end;
            container.Phase = ContainerPhase.Terminated;
        }
        else if (Cells.At(status, "state.running") is { } running)
        {
            container.Phase = ContainerPhase.Running;
            container.StartedAt = Timestamps.Parse(Cells.Text(running, "startedAt")) ?? now;
            container.IsStarted = Cells.Text(status, "started") == "true";
            container.IsReady = Cells.Text(status, "ready") == "true";
        }
        else
        {
            // What waits was ended before; that is where it is taken up.
            container.Ended = container.Previous;
            container.Previous = null;
        }
    }

    private static Termination? End(JsonNode? terminated) => terminated is null ? null : new(
        Cells.Text(terminated, "containerID"),
        Timestamps.Parse(Cells.Text(terminated, "startedAt")) ?? default,
        Timestamps.Parse(Cells.Text(terminated, "finishedAt")) ?? default,
        (int)Cells.Number(terminated, "exitCode"),
        Cells.Text(terminated, "reason"))
    {
        Message = Cells.Text(terminated, "message") is { Length: > 0 } message ? message : null,
    };
}
