using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What a kubelet writes of one container.</summary>
internal static class ContainerStatus
{
    public static JsonObject Build(ContainerRun container, PodRun run)
    {
        var last = container.Phase == ContainerPhase.Waiting ? container.Ended : container.Previous;
        var hasRun = container.Phase != ContainerPhase.Waiting || container.Ended is not null;
        var name = Cells.Text(container.Spec, "image");
        var image = ImageReference.Parse(name);
        var status = new JsonObject
        {
            ["name"] = container.Name,
            ["state"] = State(container),
            ["lastState"] = last is null ? [] : new JsonObject { ["terminated"] = Ended(last) },
            ["ready"] = container is { IsInit: true, IsSidecar: false } ? container is { Phase: ContainerPhase.Terminated, Ended.ExitCode: 0 } : container is { IsEphemeral: false, IsReady: true, Phase: ContainerPhase.Running },
            ["restartCount"] = container.Restarts,
            ["image"] = hasRun && image is not null ? image.Full : name,
            ["imageID"] = hasRun && image is not null ? $"{image.Repository}@{image.ContentDigest}" : "",
            ["started"] = container is { IsEphemeral: false, IsStarted: true, Phase: ContainerPhase.Running },
        };
        if (hasRun)
        {
            status["containerID"] = container.Ended?.ContainerId ?? container.ContainerId(run.Uid);
        }

        if (container.Spec["volumeMounts"] is JsonArray { Count: > 0 } mounts)
        {
            status["volumeMounts"] = new JsonArray([.. mounts.OfType<JsonObject>().Select(Mount)]);
        }

        return status;
    }

    private static JsonObject State(ContainerRun container)
    {
        switch (container.Phase)
        {
            case ContainerPhase.Running:
                return new() { ["running"] = new JsonObject { ["startedAt"] = Timestamps.Format(container.StartedAt) } };
            case ContainerPhase.Terminated:
                return new() { ["terminated"] = Ended(container.Ended!) };
            default:
                var waiting = new JsonObject { ["reason"] = container.Reason };
                if (container.Message is not null)
                {
                    waiting["message"] = container.Message;
                }

                return new() { ["waiting"] = waiting };
        }
    }

    private static JsonObject Ended(Termination end)
    {
        var ended = new JsonObject { ["exitCode"] = end.ExitCode, ["reason"] = end.Reason };
        if (end.Message is not null)
        {
            ended["message"] = end.Message;
        }

        (ended["startedAt"], ended["finishedAt"], ended["containerID"]) = (Timestamps.Format(end.StartedAt), Timestamps.Format(end.FinishedAt), end.ContainerId);
        return ended;
    }

    private static JsonObject Mount(JsonObject mount)
    {
        var status = new JsonObject { ["name"] = mount["name"]?.DeepClone(), ["mountPath"] = mount["mountPath"]?.DeepClone() };
        if ((bool?)mount["readOnly"] == true)
        {
            status["readOnly"] = true;
            status["recursiveReadOnly"] = "Disabled";
        }

        return status;
    }
}
