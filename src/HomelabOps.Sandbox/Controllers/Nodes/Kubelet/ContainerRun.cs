using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What a kubelet knows of one container.</summary>
internal sealed class ContainerRun(JsonObject spec, bool isInit)
{
    public JsonObject Spec => spec;

    public string Name { get; } = (string?)spec["name"] ?? "";

    public bool IsInit => isInit;

    /// <summary>One that was added to look into the pod. It runs once, whatever the pod does.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>An init container that goes on running beside the others.</summary>
    public bool IsSidecar { get; } = isInit && (string?)spec["restartPolicy"] == "Always";

    public ContainerPhase Phase { get; set; }

    /// <summary>Why it waits.</summary>
    public string Reason { get; set; } = isInit ? "PodInitializing" : "ContainerCreating";

    public string? Message { get; set; }

    public int Restarts { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>How often its node had mounted something anew by then; it keeps those mounts.</summary>
    public int Mountings { get; set; } = int.MaxValue;

    public ProcessPlan? Plan { get; set; }

    /// <summary>What runs in it since its last start.</summary>
    public ProcessTable Processes { get; set; } = new();

    /// <summary>It is being ended; null while nobody wants that.</summary>
    public ContainerStop? Stop { get; set; }

    /// <summary>Whether somebody within it has asked its application to end.</summary>
    public bool IsAskedToEnd { get; set; }

    /// <summary>How it ended last; null before.</summary>
    public Termination? Ended { get; set; }

    /// <summary>What it did before it was started anew, for its previous log.</summary>
    public ProcessPlan? PreviousPlan { get; set; }

    /// <summary>How it ended before it was started anew.</summary>
    public Termination? Previous { get; set; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>How long the next crash makes it wait.</summary>
    public TimeSpan CrashDelay { get; set; }

    /// <summary>How long the next failed pull makes it wait.</summary>
    public TimeSpan PullDelay { get; set; }

    /// <summary>What the last pull failed with.</summary>
    public string? PullError { get; set; }

    public DateTimeOffset PullFailedAt { get; set; }

    public bool IsStarted { get; set; }

    public bool IsReady { get; set; }

    public Dictionary<ProbeKinds, ProbeRun> Probes { get; } = [];

    /// <summary>Its own file system, from when somebody looks into it.</summary>
    public FileTree? Files { get; set; }

    /// <summary>Lets its command come as far as it has by now, for somebody who looks at what that does.</summary>
    public Task CatchUpAsync(DateTimeOffset now) => Phase == ContainerPhase.Running && Plan?.Live is { } live ? live.AdvanceAsync(now) : Task.CompletedTask;

    public string ContainerId(string podUid) => "containerd://" + ImageReference.Hash($"{podUid}/{Name}/{Restarts}");
}

/// <summary>What a container does.</summary>
internal enum ContainerPhase
{
    /// <summary>It is not there yet, or waits to be started anew.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended and is not started anew.</summary>
    Terminated,
}

/// <summary>The end of a container.</summary>
internal sealed record Termination(string ContainerId, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, int ExitCode, string Reason)
{
    /// <summary>What its runtime or it says about that; null for nothing.</summary>
    public string? Message { get; init; }
}
