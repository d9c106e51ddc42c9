using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Brings a pod as far as it comes at this moment: admission, volumes, init containers, containers, its end.</summary>
internal sealed class PodLifecycle(ClusterView cluster, ContainerLifecycle containers, ContainerTermination termination, PodAddresses addresses)
{
    private static readonly TimeSpan FirstMountRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestMountRetry = TimeSpan.FromSeconds(122);
    private static readonly TimeSpan EvictionGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MountPatience = TimeSpan.FromSeconds(123);

    /// <summary>Whether a node takes a pod that it sees for the first time.</summary>
    /// <returns>The reason and the message of its refusal, or null.</returns>
    public static (string Reason, string Message)? Refusal(JsonObject pod, SimulatedNode node, NodeState state, JsonObject? nodeObject, int podsThere)
    {
        if (podsThere >= node.Pods)
        {
            return ("OutOfpods", string.Create(CultureInfo.InvariantCulture, $"Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: {podsThere}, capacity: {node.Pods}"));
        }

        var labels = nodeObject?["metadata"]?["labels"];
        if (labels is not null && (pod["spec"]?["nodeSelector"] as JsonObject ?? []).Any(wanted => (string?)labels[wanted.Key] != (string?)wanted.Value))
        {
            return ("NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
        }

        var isCritical = Cells.Number(pod, "spec.priority") >= 2_000_000_000;
        var condition = state.HasDiskPressure ? "DiskPressure" : state.HasMemoryPressure && QualityOfService.Of(pod) == "BestEffort" ? "MemoryPressure" : null;
        return condition is null || isCritical ? null : ("Evicted", $"Pod was rejected: The node had condition: [{condition}]. ");
    }

    /// <summary>Looks at a pod. Afterwards its run says what it is like now.</summary>
    /// <returns>True when nothing of it is left and it can be forgotten.</returns>
    public async Task<bool> AdvanceAsync(PodStep step)
    {
        var run = step.Run;
        run.Extend(step.Pod);
        Reboot(step);
        if (step.Pod["metadata"]?["deletionTimestamp"] is not null)
        {
            return await StopAsync(step, ContainerTermination.Grace(step.Pod));
        }

        if (run.Failure is not null)
        {
            await StopAsync(step, run.Failure.Value.Reason == "Evicted" ? EvictionGrace : ContainerTermination.Grace(step.Pod));
            return false;
        }

        if (Cells.At(step.Pod, "spec.activeDeadlineSeconds") is not null)
        {
            var deadline = run.StartedAt.AddSeconds(Cells.Number(step.Pod, "spec.activeDeadlineSeconds"));
            if (deadline <= step.Now && !PodStatus.IsFinished(run, step.Pod))
            {
                run.Failure = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
                step.Tell("Normal", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
                await StopAsync(step, ContainerTermination.Grace(step.Pod));
                return false;
            }

            step.Again(deadline);
        }

        if (MountVolumes(step))
        {
            await RunContainersAsync(step);
        }

        return false;
    }

    // What ran before the node was started anew has ended with it.
    private static void Reboot(PodStep step)
    {
        var run = step.Run;
        if (run.Boot == run.Node.Boots)
        {
            return;
        }

        run.Boot = run.Node.Boots;
        if (run.HasSandbox)
        {
            step.Tell("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        }

        foreach (var container in run.Containers.Concat(run.Ephemeral).Where(container => container.Phase == ContainerPhase.Running))
        {
            ContainerLifecycle.End(step, container, 255, "Unknown");
            container.CrashDelay = TimeSpan.Zero;
            container.RetryAt = null;
        }
    }

    private bool MountVolumes(PodStep step)
    {
        var run = step.Run;
        if (run.AreVolumesMounted)
        {
            return true;
        }

        var failures = VolumeChecks.Failures(step.Pod, run, cluster);
        if (failures.Count == 0)
        {
            run.AreVolumesMounted = true;
            run.HasSandbox = true;
            run.Ip = addresses.Take(step.Pod, run.Node.Node);
            return true;
        }

        if (run.MountRetryAt is { } retry && retry > step.Now)
        {
            step.Again(retry);
            return false;
        }

        run.MountSince = run.MountFailures == 0 ? step.Now : run.MountSince;
        foreach (var (_, message) in failures.Where(failure => failure.Message.Length > 0))
        {
            step.Tell("Warning", "FailedMount", message);
        }

        if (step.Now - run.MountSince >= MountPatience)
        {
            var names = string.Join(' ', failures.Select(failure => failure.Volume));
            step.Tell("Warning", "FailedMount", $"Unable to attach or mount volumes: unmounted volumes=[{names}], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition");
            run.MountSince = step.Now;
        }

        var delay = FirstMountRetry * Math.Pow(2, Math.Min(run.MountFailures++, 10));
        run.MountRetryAt = step.Now + (delay < LongestMountRetry ? delay : LongestMountRetry);
        step.Again(run.MountRetryAt.Value);
        return false;
    }

    private async Task RunContainersAsync(PodStep step)
    {
        if (!PodStatus.IsFinished(step.Run, step.Pod))
        {
            // They come before all others, so that one can look at a pod whose init containers do not end.
            foreach (var container in step.Run.Ephemeral)
            {
                await containers.AdvanceAsync(step, container);
            }

            await AdvanceAllAsync(step);
        }

        // Sidecars, and who looks into it, have nothing to do any more when all others have ended.
        if (PodStatus.IsFinished(step.Run, step.Pod))
        {
            var rest = step.Run.Containers.Concat(step.Run.Ephemeral).Where(container => container.Phase == ContainerPhase.Running).ToList();
            foreach (var container in rest.Where(container => container.Stop is null))
            {
                step.Tell("Normal", "Killing", $"Stopping container {container.Name}", container);
            }

            await EndAsync(step, rest, ContainerTermination.Grace(step.Pod));
        }
    }

    private async Task AdvanceAllAsync(PodStep step)
    {
        foreach (var container in step.Run.Containers)
        {
            await containers.AdvanceAsync(step, container);
            if (container.IsInit && !(container.IsSidecar ? container.IsStarted : container is { Phase: ContainerPhase.Terminated, Ended.ExitCode: 0 }))
            {
                return;
            }
        }
    }

    // True when all has ended.
    private async Task<bool> StopAsync(PodStep step, TimeSpan grace)
    {
        var all = step.Run.Containers.Concat(step.Run.Ephemeral).ToArray();
        if (!step.Run.IsKilled)
        {
            step.Run.IsKilled = true;
            foreach (var container in all.Where(container => container.Phase == ContainerPhase.Running))
            {
                step.Tell("Normal", "Killing", $"Stopping container {container.Name}", container);
            }
        }

        await EndAsync(step, all, grace);
        return all.All(container => container.Phase != ContainerPhase.Running);
    }

    private async Task EndAsync(PodStep step, IEnumerable<ContainerRun> ending, TimeSpan grace)
    {
        var running = ending.Where(container => container.Phase == ContainerPhase.Running).ToList();
        foreach (var container in running.Where(container => !container.IsSidecar).Concat(running.Where(container => container.IsSidecar).Reverse()))
        {
            await termination.BeginAsync(step, container, grace);
            if (await ContainerTermination.AdvanceAsync(step, container, IsTurn(step.Run, container)) is { } code)
            {
                ContainerLifecycle.End(step, container, code, ContainerLifecycle.Reason(code));
                container.Phase = ContainerPhase.Terminated;
            }
        }
    }

    // A sidecar serves those that began after it until they have ended.
    private static bool IsTurn(PodRun run, ContainerRun container) =>
        !container.IsSidecar || run.Containers.SkipWhile(other => other != container).Skip(1).All(other => other.Phase != ContainerPhase.Running);
}
