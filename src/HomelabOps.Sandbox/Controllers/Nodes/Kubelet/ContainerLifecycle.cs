using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Brings a container as far as it comes at this moment: image, variables, start, probes, crash and back-off.</summary>
internal sealed class ContainerLifecycle(NodeWorld world, ClusterView cluster, ContainerProcesses processes, ContainerProbes probes, ContainerTermination termination)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MemoryLasts = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PullPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WaitingPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(12);

    /// <summary>Ends a running container; what comes of it is decided by its owner.</summary>
    public static void End(PodStep step, ContainerRun container, int code, string reason)
    {
        var end = new Termination(container.ContainerId(step.Run.Uid), container.StartedAt, step.Now, code, reason) { Message = container.Plan?.StartFailure };
        container.Ended = end.Message is null ? end with { Message = TerminationMessage.Of(container, end) } : end;
        container.Phase = ContainerPhase.Waiting;
        container.Reason = "CrashLoopBackOff";
        container.IsReady = container.IsStarted = false;
        container.Probes.Clear();
        container.Stop = null;
    }

    /// <summary>Looks at a container until it neither ends nor starts any more at this moment.</summary>
    public async Task AdvanceAsync(PodStep step, ContainerRun container)
    {
        for (var changed = true; changed;)
        {
            changed = container.Phase switch
            {
                ContainerPhase.Waiting => await StartAsync(step, container),
                ContainerPhase.Running => await WatchAsync(step, container),
                _ => false,
            };
        }
    }

    private async Task<bool> StartAsync(PodStep step, ContainerRun container)
    {
        if (container.Ended is not null && !PodStatus.IsRestarted(container, step.Pod))
        {
            container.Phase = ContainerPhase.Terminated;
            return false;
        }

        if (container.RetryAt is { } retry && retry > step.Now && !IsMended(step, container))
        {
            step.Again(retry);
            BackOff(step, container);
            return false;
        }

        container.RetryAt = null;
        if (!Pull(step, container) || !Create(step, container))
        {
            return false;
        }

        if (container.Ended is not null)
        {
            (container.Previous, container.PreviousPlan) = (container.Ended, container.Plan);
            container.Ended = null;
            container.Restarts++;

            // It starts from its image again.
            container.Files = null;
        }

        container.Mountings = step.Run.Node.Mountings;
        container.Plan = await processes.PlanAsync(step.Pod, step.Run, container, step.Now);
        container.Phase = ContainerPhase.Running;
        container.StartedAt = step.Now;
        container.Message = null;
        container.IsStarted = container.Spec["startupProbe"] is null;
        container.IsReady = container.IsStarted && container.Spec["readinessProbe"] is null;
        step.Tell("Normal", "Created", $"Created container: {container.Name}", container);
        if (container.Plan.StartFailure is { } failure)
        {
            step.Tell("Warning", "Failed", $"Error: {failure}", container);
            return true;
        }

        step.Tell("Normal", "Started", $"Started container {container.Name}", container);
        // What takes longer than is planned for, or needs a program that only the image has, is not known to fail.
        if (await processes.HookAsync(step.Pod, step.Run, container, step.Now) is not (null or 0 or 126 or 127))
        {
            step.Tell("Warning", "FailedPostStartHook", "PostStartHook failed", container);
            step.Tell("Normal", "Killing", "FailedPostStartHook", container);
            await termination.BeginAsync(step, container, ContainerTermination.Grace(step.Pod));
        }

        return true;
    }

    private async Task<bool> WatchAsync(PodStep step, ContainerRun container)
    {
        container.Plan ??= await processes.PlanAsync(step.Pod, step.Run, container, container.StartedAt);
        if (container.Plan.Next?.Invoke() is { } begun)
        {
            container.Plan = begun;
        }
        else if (container.Plan.Next is not null)
        {
            step.Again(step.Now + WaitingPause);
        }

        if (container.Plan.Live is { } live)
        {
            await live.AdvanceAsync(step.Now);
            step.Follow(live.NextAt);
        }

        var fault = world.Faults.Of(step.Run.Namespace, step.Run.Name, container.Name, container.IsInit);
        var isStarved = fault?.OutOfMemory == true || LacksMemory(container);
        var ends = fault is { ExitCode: not null } or { OutOfMemory: true } ? container.StartedAt + fault.RunsFor : container.StartedAt + (isStarved ? MemoryLasts : container.Plan?.EndsAfter);
        if (ends is { } end && end <= step.Now)
        {
            var code = isStarved ? 137 : fault?.ExitCode ?? container.Plan!.ExitCode;
            Crash(step, container, code, isStarved ? "OOMKilled" : container.Plan?.StartFailure is not null ? "StartError" : Reason(code));
            return true;
        }

        if (container.IsAskedToEnd)
        {
            Crash(step, container, 0, "Completed");
            return true;
        }

        if (ends is { } later)
        {
            step.Again(later);
        }

        if (container.Stop is not null)
        {
            return await EndAsync(step, container);
        }

        if (await probes.RunAsync(step, container, fault) is { } failed)
        {
            step.Tell("Normal", "Killing", $"Container {container.Name} failed {failed} probe, will be restarted", container);
            await termination.BeginAsync(step, container, ContainerTermination.Grace(step.Pod, container.Spec[failed + "Probe"]));
            return await EndAsync(step, container);
        }

        return false;
    }

    private static async Task<bool> EndAsync(PodStep step, ContainerRun container)
    {
        if (await ContainerTermination.AdvanceAsync(step, container) is not { } code)
        {
            return false;
        }

        Crash(step, container, code, Reason(code));
        return true;
    }

    /// <summary>What a status says of an end with such a code.</summary>
    public static string Reason(int code) => code == 0 ? "Completed" : "Error";

    // It may have less than its application needs to start at all.
    private static bool LacksMemory(ContainerRun container) => container.Plan?.Application is { } application
        && Cells.Text(container.Spec, "resources.limits.memory") is { Length: > 0 } limit && Quantity.Whole(limit) < application.LeastMemory;

    // The first time it is started anew at once, then after a delay that doubles.
    private static void Crash(PodStep step, ContainerRun container, int code, string reason)
    {
        var lasted = step.Now - container.StartedAt;
        End(step, container, code, reason);
        if (!PodStatus.IsRestarted(container, step.Pod))
        {
            container.Phase = ContainerPhase.Terminated;
            return;
        }

        if (lasted >= LongEnough)
        {
            container.CrashDelay = TimeSpan.Zero;
        }

        if (container.CrashDelay > TimeSpan.Zero)
        {
            container.RetryAt = step.Now + container.CrashDelay;
            container.Message = $"back-off {GoDuration.Text(container.CrashDelay)} restarting failed container={container.Name} pod={step.Run.FullName}";
            step.Tell("Warning", "BackOff", $"Back-off restarting failed container {container.Name} in pod {step.Run.FullName}", container);
        }

        container.CrashDelay = container.CrashDelay == TimeSpan.Zero ? FirstDelay : Shorter(container.CrashDelay * 2);
    }

    private bool Pull(PodStep step, ContainerRun container)
    {
        var name = Cells.Text(container.Spec, "image");
        if (Image(container) is not { } image)
        {
            Wait(step, container, "InvalidImageName", $"Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": invalid reference format");
            step.Tell("Warning", "InspectFailed", container.Message!, container);
            step.Tell("Warning", "Failed", "Error: InvalidImageName", container);
            return false;
        }

        var node = step.Run.Node;
        var policy = Cells.Text(container.Spec, "imagePullPolicy", "IfNotPresent");
        if (policy != "Always" && node.HasImage(image.Full))
        {
            step.Tell("Normal", "Pulled", $"Container image \"{name}\" already present on machine", container);
            return true;
        }

        if (policy == "Never")
        {
            Wait(step, container, "ErrImageNeverPull", $"Container image \"{name}\" is not present with pull policy of Never");
            step.Tell("Warning", "ErrImageNeverPull", container.Message!, container);
            step.Tell("Warning", "Failed", "Error: ErrImageNeverPull", container);
            return false;
        }

        step.Tell("Normal", "Pulling", $"Pulling image \"{name}\"", container);
        var fault = world.Registry.Ask(image);
        if (fault == ImageFault.Stalled)
        {
            return false;
        }

        if (fault != ImageFault.None)
        {
            Refused(step, container, name, PullErrors.Text(fault, image));
            return false;
        }

        container.PullError = null;
        container.PullDelay = TimeSpan.Zero;
        node.AddImage(image.Full);
        var time = GoDuration.Text(TimeSpan.FromMilliseconds(200 + (image.Size / 100_000)));
        step.Tell("Normal", "Pulled", string.Create(CultureInfo.InvariantCulture, $"Successfully pulled image \"{name}\" in {time} ({time} including waiting). Image size: {image.Size} bytes."), container);
        return true;
    }

    private static void Refused(PodStep step, ContainerRun container, string name, string error)
    {
        step.Tell("Warning", "Failed", $"Failed to pull image \"{name}\": {error}", container);
        step.Tell("Warning", "Failed", "Error: ErrImagePull", container);
        container.PullError = error;
        container.PullFailedAt = step.Now;
        container.PullDelay = container.PullDelay == TimeSpan.Zero ? FirstDelay : Shorter(container.PullDelay * 2);
        container.RetryAt = step.Now + container.PullDelay;
        step.Again(container.RetryAt.Value);
        (container.Reason, container.Message) = ("ErrImagePull", error);
        BackOff(step, container);
    }

    // A kubelet first says that a pull failed, and when it looks again, that it waits.
    private static void BackOff(PodStep step, ContainerRun container)
    {
        if (container.Reason != "ErrImagePull")
        {
            return;
        }

        if (container.PullFailedAt + PullPause > step.Now)
        {
            step.Again(container.PullFailedAt + PullPause);
            return;
        }

        var name = Cells.Text(container.Spec, "image");
        (container.Reason, container.Message) = ("ImagePullBackOff", $"Back-off pulling image \"{name}\": ErrImagePull: {container.PullError}");
        step.Tell("Normal", "BackOff", $"Back-off pulling image \"{name}\"", container);
        step.Tell("Warning", "Failed", "Error: ImagePullBackOff", container);
    }

    // What it waits for has come: then the rest of the back-off is not waited for.
    private bool IsMended(PodStep step, ContainerRun container) => container.Reason switch
    {
        "ErrImagePull" or "ImagePullBackOff" => world.Registry.Ask(Image(container)!) == ImageFault.None,
        "CreateContainerConfigError" => ContainerEnvironment.Build(step.Pod, container.Spec, cluster, "", "").Error is null,
        "CreateContainerError" => VolumeChecks.CreateFailure(step.Pod, step.Run, container, cluster) is null,
        _ => false,
    };

    private bool Create(PodStep step, ContainerRun container)
    {
        var missing = ContainerEnvironment.Build(step.Pod, container.Spec, cluster, step.Run.Node.Node.Address, step.Run.Ip).Error ?? ContainerUser.Violation(step.Pod, container.Spec, ContainerProcesses.IsOfRoot(container.Spec));
        if (missing is not null)
        {
            Wait(step, container, "CreateContainerConfigError", missing);
            step.Tell("Warning", "Failed", $"Error: {missing}", container);
            return false;
        }

        if (VolumeChecks.CreateFailure(step.Pod, step.Run, container, cluster) is { } failure)
        {
            Wait(step, container, "CreateContainerError", failure);
            step.Tell("Warning", "Failed", $"Error: {failure}", container);
            return false;
        }

        return true;
    }

    private static void Wait(PodStep step, ContainerRun container, string reason, string message)
    {
        (container.Reason, container.Message) = (reason, message);
        container.RetryAt = step.Now + Resync;
        step.Again(container.RetryAt.Value);
    }

    private static ImageReference? Image(ContainerRun container) => ImageReference.Parse(Cells.Text(container.Spec, "image"));

    private static TimeSpan Shorter(TimeSpan delay) => delay < LongestDelay ? delay : LongestDelay;
}
