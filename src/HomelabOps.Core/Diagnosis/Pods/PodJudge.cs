using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>Tells what is wrong with a pod: one thing, the one that has to be mended first.</summary>
internal sealed class PodJudge(HomelabSnapshot snapshot)
{
    /// <summary>A pod that waits longer for a node does not merely wait for the scheduler.</summary>
    public static readonly TimeSpan ScheduleWindow = TimeSpan.FromSeconds(10);

    /// <summary>A container took more memory than there was; the words are its limit, and empty where it has none.</summary>
    public const string OutOfMemory = "OutOfMemory";

    // What takes so long has not merely begun.
    private static readonly TimeSpan StartWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndWindow = TimeSpan.FromMinutes(1);

    private readonly SchedulingExplainer _scheduling = new(snapshot);
    private readonly MountedPlaces _places = new(snapshot);

    /// <summary>What is wrong; null when nothing is, or only its time has not come.</summary>
    public PodProblem? Judge(PodFacts pod)
    {
        if (pod.IsWell)
        {
            return OfRestarts(pod);
        }

        return OfLostNode(pod) ?? OfEnd(pod) ?? (pod.Status.Phase == "Failed" ? OfFailed(pod) : OfPlace(pod) ?? OfReferences(pod) ?? OfContainers(pod) ?? OfStart(pod) ?? OfReadiness(pod));
    }

    /// <summary>What a pod names that is not there, though it runs still.</summary>
    public PodProblem? Foresee(PodFacts pod) => pod is { IsWell: true, HasEnded: false } ? Missing(pod, FindingSeverity.Warning) : null;

    // It runs and is ready, until it is killed again.
    private PodProblem? OfRestarts(PodFacts pod) => pod.Restarting(snapshot.Now).Concat(pod.RunningAgain(snapshot.Now).Where(item => WillBeKilled(pod, item.Status))).FirstOrDefault() is { Container: { } container, Status: { } status }
        ? OfCrash(pod, container.Name, status.LastState!.Terminated!, status.RestartCount, fromProbes: true)
        : null;

    // Nobody runs out of memory by accident, and what its probe has killed and misses again is on its way to the next time.
    private bool WillBeKilled(PodFacts pod, ContainerStatusWire status) => status.LastState!.Terminated is { Reason: "OOMKilled" }
        || (status.LastState.Terminated!.ExitCode is 0 or ExitCodes.Killed or ExitCodes.Terminated && snapshot.Warnings[pod.Reference].Any(warning => IsOfKillingProbe(warning) && EventMapper.TimeOf(warning) > status.State!.Running!.StartedAt));

    private PodProblem? OfLostNode(PodFacts pod)
    {
        var node = snapshot.Nodes?.FirstOrDefault(node => node.Metadata.Name == pod.Node);
        return node is not null && !Kubernetes.Nodes.NodeTerms.IsReady(node) && pod.Status.Phase != "Failed"
            ? new(FindingSeverity.Error, "PodOnLostNode", pod.Node) { Causes = [new(snapshot.Node(pod.Node), NodeCheck.NotReady)] }
            : null;
    }

    private PodProblem? OfEnd(PodFacts pod)
    {
        if (pod.Wire.Metadata.DeletionTimestamp is not { } due)
        {
            return null;
        }

        return snapshot.Now - due <= EndWindow ? PodProblem.NotYet : new(FindingSeverity.Error, "PodStuckTerminating", "")
        {
            Words = Display.Duration(snapshot.Now - due),
            Causes = _places.Of(pod),
        };
    }

    // The pods of a Job may fail and be tried again; how that ends is the Job's to say.
    private PodProblem? OfFailed(PodFacts pod)
    {
        if (pod.Owner?.Kind is "Job" or "CronJob")
        {
            return null;
        }

        var health = PodHealth.Of(pod.ToPod());
        return new(FindingSeverity.Warning, pod.Status.Reason == "Evicted" ? "PodEvicted" : "PodFailed", health.Reason)
        {
            Words = health.Message,
            Causes = pod.Node.Length > 0 ? [new(snapshot.Node(pod.Node), NodeCheck.Unusable)] : [],
        };
    }

    private PodProblem? OfPlace(PodFacts pod)
    {
        if (pod.Node.Length > 0)
        {
            return null;
        }

        if (pod.Condition("PodScheduled") is { Status: "False", Reason: "SchedulingGated" })
        {
            return PodProblem.NotYet;
        }

        // Since it was made: a scheduler that comes to it late has kept it waiting as well.
        if (pod.Condition("PodScheduled") is { Status: "False" })
        {
            return pod.Waits(snapshot.Now) > ScheduleWindow ? _scheduling.Explain(pod) : PodProblem.NotYet;
        }

        return pod.Waits(snapshot.Now) > StartWindow ? new(FindingSeverity.Error, "PodUnnoticed", "") : PodProblem.NotYet;
    }

    private PodProblem? OfReferences(PodFacts pod) => pod.Containers.Any(item => item.Status?.State?.Running is not null) ? null : Missing(pod, FindingSeverity.Error);

    // Read from the spec, before an event says it.
    private PodProblem? Missing(PodFacts pod, FindingSeverity severity)
    {
        foreach (var reference in PodReferences.Of(pod).Where(reference => !reference.ForImages))
        {
            var target = reference.Object;
            if ((target.Kind == "Secret" ? snapshot.Secrets : snapshot.ConfigMaps) is { } known && !known.Contains((target.Namespace, target.Name)))
            {
                return new(severity, target.Kind + "Missing", target.Name) { Causes = [new(target)] };
            }

            if (reference.Key is { } key && snapshot.Keys.GetValueOrDefault(target)?.Contains(key) == false)
            {
                return new(severity, target.Kind + "KeyMissing", target.Name) { Words = key };
            }
        }

        return null;
    }

    private PodProblem? OfContainers(PodFacts pod)
    {
        foreach (var (container, status, _) in pod.Containers.Where(item => item.Status is { Ready: false }))
        {
            if (status!.State?.Waiting is { Reason: { Length: > 0 } reason } waiting && OfWaiting(pod, container.Name, container.Image, reason, waiting, status) is { } problem)
            {
                return problem;
            }

            if (status is { RestartCount: > 0, LastState.Terminated: { } last, State.Running: { } running })
            {
                // One restart is no loop, and a Job asks for a few.
                if (status.RestartCount < PodFacts.Often && (pod.Owner?.Kind is "Job" or "CronJob" || snapshot.Now - running.StartedAt < StartWindow))
                {
                    continue;
                }

                return OfCrash(pod, container.Name, last, status.RestartCount, fromProbes: true);
            }

            if (status is { State.Terminated: { ExitCode: not 0 } ended })
            {
                return OfCrash(pod, container.Name, ended, status.RestartCount, fromProbes: false);
            }
        }

        return null;
    }

    private PodProblem? OfWaiting(PodFacts pod, string container, string? image, string reason, WaitingWire waiting, ContainerStatusWire status)
    {
        if (ImageTrouble.IsWaiting(reason))
        {
            var said = Warnings(pod, "Failed").Prepend(waiting.Message ?? "").FirstOrDefault(words => words.Contains(':', StringComparison.Ordinal) && ImageTrouble.Reason(reason, words) != "ImagePullFailed") ?? waiting.Message ?? "";
            var why = ImageTrouble.Reason(reason, said);
            var pull = why == "ImageUnauthorized" ? PodReferences.Of(pod).FirstOrDefault(reference => reference.ForImages && snapshot.Secrets?.Contains((reference.Object.Namespace, reference.Object.Name)) == false) : null;
            return pull is not null
                ? new(FindingSeverity.Error, "PullSecretMissing", pull.Object.Name) { Words = image ?? "", Causes = [new(pull.Object)] }
                : new(FindingSeverity.Error, why, image ?? "") { Words = said };
        }

        return reason switch
        {
            "PodInitializing" or "ContainerCreating" => null,
            "CrashLoopBackOff" => OfCrash(pod, container, status.LastState?.Terminated ?? new(), status.RestartCount, fromProbes: true),
            _ when ImageTrouble.IsOfAnotherProcessor(waiting.Message) => new(FindingSeverity.Error, ImageTrouble.OtherProcessor, image ?? "") { Words = waiting.Message! },
            _ => new(FindingSeverity.Error, "ContainerNotCreated", container) { Words = $"{reason}: {waiting.Message}" },
        };
    }

    private PodProblem OfCrash(PodFacts pod, string container, TerminatedWire last, int restarts, bool fromProbes)
    {
        var meaning = ExitCodes.Describe(last.ExitCode, last.Signal);
        var spec = pod.Containers.FirstOrDefault(item => item.Container.Name == container).Container;
        if (last.Reason == "OOMKilled")
        {
            // Without a limit it is the node that has run out.
            var limit = spec?.Resources?.Limits?.GetValueOrDefault("memory") ?? pod.Wire.Spec?.Resources?.Limits?.GetValueOrDefault("memory") ?? "";
            return new(FindingSeverity.Error, OutOfMemory, container) { Words = limit, Causes = limit.Length > 0 ? [] : [new(snapshot.Node(pod.Node), NodeCheck.Reason("MemoryPressure"))] };
        }

        // The kernel says it to the runtime, or to the shell that wanted to start the program.
        if (last.ExitCode != 0 && LastWords(pod, container).Append(last.Message).FirstOrDefault(ImageTrouble.IsOfAnotherProcessor) is { } words)
        {
            return new(FindingSeverity.Error, ImageTrouble.OtherProcessor, spec?.Image ?? container) { Words = words };
        }

        // The kubelet kills what does not answer, so the code is that of the signal or none. Any other is the program's own, whatever probes said before:
        // one that is still starting does not answer either.
        var probe = fromProbes ? snapshot.Warnings[pod.Reference].FirstOrDefault(IsOfKillingProbe)?.Message : null;
        if (probe is not null && last.ExitCode is 0 or ExitCodes.Killed or ExitCodes.Terminated)
        {
            return new(FindingSeverity.Error, "LivenessProbeFailed", container) { Words = probe };
        }

        return new(FindingSeverity.Error, "CrashLoop", container)
        {
            Words = meaning,
            Evidence = [Errors.Text("Evidence_Restarts", restarts), .. LastWords(pod, container), .. probe is null ? (IEnumerable<string>)[] : [probe]],
        };
    }

    private PodProblem? OfStart(PodFacts pod)
    {
        if (pod.Containers.Any(item => item.Status?.State?.Running is not null) || pod.Since("PodScheduled", snapshot.Now) < StartWindow)
        {
            return null;
        }

        var said = StartWarnings.Telling(snapshot.Warnings[pod.Reference]);
        return new(FindingSeverity.Error, said is null ? "PodStartHangs" : "MountFailed", "") { Words = said?.Message ?? Display.Duration(pod.Since("PodScheduled", snapshot.Now)), Causes = _places.Of(pod) };
    }

    private PodProblem? OfReadiness(PodFacts pod)
    {
        if (pod.Since("Ready", snapshot.Now) < StartWindow || pod.Containers.FirstOrDefault(item => item.Status is { Ready: false, State.Running: not null }) is not { Container: { } container })
        {
            return null;
        }

        if (pod.Containers.FirstOrDefault(item => item.IsInit && item.Container == container && container.RestartPolicy != "Always").Status?.State?.Running?.StartedAt is { } began)
        {
            return new(FindingSeverity.Error, "InitContainerRuns", container.Name) { Words = Display.Duration(snapshot.Now - began), Evidence = LastWords(pod, container.Name), Causes = _places.Of(pod) };
        }

        return new(FindingSeverity.Error, "NotReady", container.Name) { Words = Warnings(pod, "Unhealthy").FirstOrDefault() ?? pod.Condition("Ready")?.Message ?? "", Causes = _places.Of(pod) };
    }

    private static bool IsOfKillingProbe(EventWire warning) =>
        warning is { Reason: "Unhealthy", Message: { } words } && (words.StartsWith("Liveness", StringComparison.Ordinal) || words.StartsWith("Startup", StringComparison.Ordinal));

    private IReadOnlyList<string> LastWords(PodFacts pod, string container) => snapshot.LastWords.GetValueOrDefault((pod.Reference, container)) ?? [];

    private IEnumerable<string> Warnings(PodFacts pod, params string[] reasons) =>
        snapshot.Warnings[pod.Reference].Where(warning => reasons.Contains(warning.Reason)).Select(warning => warning.Message ?? "");
}
