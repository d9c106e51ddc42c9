using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What a kubelet writes into the status of a pod; follows from what it knows of it alone.</summary>
internal static class PodStatus
{
    /// <summary>The whole status. Conditions that are not the kubelet's stay, and so do times where nothing changed.</summary>
    public static JsonObject Build(JsonObject pod, PodRun run, DateTimeOffset now)
    {
        var present = pod["status"] as JsonObject;
        var phase = Phase(run, pod);
        var status = new JsonObject { ["phase"] = phase, ["qosClass"] = Cells.Text(present, "qosClass", QualityOfService.Of(pod)) };
        if (run.Failure is { } failure)
        {
            status["reason"] = failure.Reason;
            status["message"] = failure.Message;
            status["startTime"] = Timestamps.Format(run.StartedAt);
        }
        else
        {
            status["startTime"] = Timestamps.Format(run.StartedAt);
            status["hostIP"] = run.Node.Node.Address;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = run.Node.Node.Address });
        }

        if (run.Ip.Length > 0)
        {
            status["podIP"] = run.Ip;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = run.Ip });
        }

        // What was refused has no containers.
        if (run.Failure is null || run.HasSandbox)
        {
            status["conditions"] = PodConditions.Build(pod, run, phase, now);
            foreach (var (field, containers) in new[]
            {
                ("initContainerStatuses", run.Containers.Where(container => container.IsInit)),
                ("containerStatuses", run.Containers.Where(container => !container.IsInit).OrderBy(container => container.Name, StringComparer.Ordinal)),
                ("ephemeralContainerStatuses", run.Ephemeral),
            })
            {
                var statuses = new JsonArray([.. containers.Select(container => ContainerStatus.Build(container, run))]);
                if (statuses.Count > 0)
                {
                    status[field] = statuses;
                }
            }
        }

        return status;
    }

    /// <summary>Whether a container that has ended is to be started anew.</summary>
    public static bool IsRestarted(ContainerRun container, JsonObject pod) => pod["metadata"]?["deletionTimestamp"] is null && (Cells.Text(pod, "spec.restartPolicy", "Always"), container) switch
    {
        (_, { IsSidecar: true }) => true,
        (_, { IsEphemeral: true }) => false,
        ("Never", _) => false,
        ("Always", { IsInit: false }) => true,
        _ => container.Ended?.ExitCode != 0,
    };

    /// <summary>Whether nothing of it will run any more.</summary>
    public static bool IsFinished(PodRun run, JsonObject pod) => Outcome(run, pod) is "Succeeded" or "Failed";

    // An end is told when nothing runs any more.
    private static string Phase(PodRun run, JsonObject pod)
    {
        var outcome = Outcome(run, pod);
        return run.Failure is null && outcome is "Succeeded" or "Failed" && run.Containers.Concat(run.Ephemeral).Any(container => container.Phase == ContainerPhase.Running) ? "Running" : outcome;
    }

    private static string Outcome(PodRun run, JsonObject pod)
    {
        if (run.Failure is not null)
        {
            return "Failed";
        }

        foreach (var container in run.Containers.Where(container => container.IsInit))
        {
            if (container is { IsSidecar: false, Phase: ContainerPhase.Terminated, Ended.ExitCode: not 0 })
            {
                return "Failed";
            }

            if (container.IsSidecar ? !container.IsStarted && container.Phase != ContainerPhase.Terminated : container is not { Phase: ContainerPhase.Terminated, Ended.ExitCode: 0 })
            {
                return "Pending";
            }
        }

        var containers = run.Containers.Where(container => !container.IsInit).ToArray();
        if (Array.Exists(containers, container => container is { Phase: ContainerPhase.Waiting, Ended: null }))
        {
            return "Pending";
        }

        if (!Array.TrueForAll(containers, container => container.Phase == ContainerPhase.Terminated))
        {
            return "Running";
        }

        // While it is deleted all end, also those that would be started anew.
        return Array.TrueForAll(containers, container => container.Ended!.ExitCode == 0) ? "Succeeded" : "Failed";
    }
}
