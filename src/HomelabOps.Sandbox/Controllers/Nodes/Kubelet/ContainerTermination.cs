using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>
/// Ends containers as a kubelet does, whatever for: what they want to be run before comes first, then they are asked, and after
/// their grace they are killed. The first process of a container hears only the signals that it asks for.
/// </summary>
internal sealed class ContainerTermination(ContainerProcesses processes)
{
    // What is left to a container whose hook has used up its time, and to one that was given none.
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);
    private const long DefaultGrace = 30;

    /// <summary>How long a container may take to end.</summary>
    /// <param name="pod">Its pod.</param>
    /// <param name="probe">The probe for which it is ended, which may say so itself.</param>
    public static TimeSpan Grace(JsonObject pod, JsonNode? probe = null) => TimeSpan.FromSeconds(Math.Max(
        LeastGrace.TotalSeconds,
        Cells.At(pod, "metadata.deletionGracePeriodSeconds") is not null ? Cells.Number(pod, "metadata.deletionGracePeriodSeconds")
        : Cells.At(probe, "terminationGracePeriodSeconds") is not null ? Cells.Number(probe, "terminationGracePeriodSeconds")
        : Cells.At(pod, "spec.terminationGracePeriodSeconds") is not null ? Cells.Number(pod, "spec.terminationGracePeriodSeconds") : DefaultGrace));

    /// <summary>Begins to end a container. One that is being ended already gets no more time by that.</summary>
    public async Task BeginAsync(PodStep step, ContainerRun container, TimeSpan grace)
    {
        var deadline = step.Now + grace;
        if (container.Stop is { } known)
        {
            known.Deadline = deadline < known.Deadline ? deadline : known.Deadline;
            return;
        }

        container.Stop = new(step.Now) { Deadline = deadline };
        var hook = container.Spec["lifecycle"]?["preStop"];
        string[] command = [.. (hook?["exec"]?["command"] as JsonArray ?? []).Select(word => (string?)word ?? "")];
        if (grace > TimeSpan.Zero && command.Length > 0 && processes.Has(command[0]))
        {
            container.Stop.Hook = await processes.StartAsync(step.Pod, step.Run, container, command, step.Now, null);
        }
        else if (grace > TimeSpan.Zero && hook?["httpGet"] is { } http && !processes.IsReached(step.Pod, step.Run, container, http, step.Now))
        {
            // What it answers does not matter.
            step.Tell("Warning", "FailedPreStopHook", "PreStopHook failed", container);
        }
        else if (grace > TimeSpan.Zero && hook?["sleep"] is { } sleep)
        {
            container.Stop.HookUntil = step.Now.AddSeconds(Cells.Number(sleep, "seconds"));
        }
    }

    /// <summary>Brings the end of a container as far as it comes now.</summary>
    /// <param name="step">The look at its pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="isTurn">Whether those have ended that it serves; until then it is not asked.</param>
    /// <returns>The code that it has ended with; null while it runs.</returns>
    public static async Task<int?> AdvanceAsync(PodStep step, ContainerRun container, bool isTurn = true)
    {
        var stop = container.Stop!;
        if (container.Plan?.Live is { } live)
        {
            await live.AdvanceAsync(step.Now);
            if (live.EndsAfter is not null)
            {
                return live.ExitCode;
            }
        }

        if (await IsHookedAsync(step, container, stop))
        {
            return null;
        }

        if (!isTurn && !stop.IsAsked && step.Now < stop.Deadline)
        {
            stop.HasWaited = true;
            step.Again(stop.Deadline);
            step.Follow(container.Plan?.Live?.NextAt);
            return null;
        }

        if (stop.HasWaited && !stop.IsAsked)
        {
            stop.Deadline = stop.Deadline < step.Now + LeastGrace ? step.Now + LeastGrace : stop.Deadline;
        }

        if (!stop.IsAsked && stop.Deadline > stop.Since)
        {
            stop.IsAsked = true;
            if (container.Plan?.Live is not { } asked)
            {
                return 0;
            }

            await asked.SendAsync(Signals.Terminate, step.Now);
            if (asked.EndsAfter is not null)
            {
                return asked.ExitCode;
            }
        }

        if (stop.Deadline <= step.Now)
        {
            return Signals.Code(Signals.Kill);
        }

        step.Again(stop.Deadline);
        step.Follow(container.Plan?.Live?.NextAt);
        return null;
    }

    // Whether what comes before is still going on.
    private static async Task<bool> IsHookedAsync(PodStep step, ContainerRun container, ContainerStop stop)
    {
        if (stop.Hook is null && stop.HookUntil is null)
        {
            return false;
        }

        if (stop.Hook is not null)
        {
            await stop.Hook.AdvanceAsync(step.Now);
        }

        var isOver = stop.Hook is null ? stop.HookUntil <= step.Now : stop.Hook.EndsAfter is not null;
        if (!isOver && step.Now < stop.Deadline)
        {
            step.Again(stop.Deadline);
            step.Follow(stop.Hook?.NextAt ?? stop.HookUntil);
            return true;
        }

        // One that is a program only the image has is not known to fail.
        if (stop.Hook is not null && (!isOver || stop.Hook.ExitCode is not (0 or 126 or 127)))
        {
            step.Tell("Warning", "FailedPreStopHook", "PreStopHook failed", container);
        }

        (stop.Hook, stop.HookUntil) = (null, null);
        stop.Deadline = stop.Deadline < step.Now + LeastGrace ? step.Now + LeastGrace : stop.Deadline;
        return false;
    }
}
