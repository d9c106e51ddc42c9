namespace HomelabOps;

/// <summary>A check of a homelab that something of this machine runs on a schedule.</summary>
public sealed record HomelabScheduledCheck
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it runs, such as <c>every 15m</c> or <c>daily at 07:30</c>.</summary>
    public string Schedule { get; init; } = "";

    /// <summary>What is run.</summary>
    public string Command { get; init; } = "";

    /// <summary>What runs it: the timer, the line of cron, the agent or the task.</summary>
    public string Target { get; init; } = "";

    /// <summary>Of which kind that is.</summary>
    public HomelabScheduler Scheduler { get; init; }

    /// <summary>Files that were written.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Contexts that are tested; empty for the current one of the kubeconfig.</summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];

    /// <summary>Kubeconfig that is used; null within a pod.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>File with the address that is told of changes; null for none, or where the environment has it.</summary>
    public string? WebhookFile { get; init; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
