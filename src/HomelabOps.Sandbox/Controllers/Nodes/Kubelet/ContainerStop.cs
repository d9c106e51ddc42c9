namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>A container is being ended.</summary>
/// <param name="since">When that began.</param>
internal sealed class ContainerStop(DateTimeOffset since)
{
    public DateTimeOffset Since => since;

    /// <summary>When it is killed.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>What it wants to be run before it is asked to end, while that runs.</summary>
    public LiveProcess? Hook { get; set; }

    /// <summary>When its hook has waited long enough; for hooks that only wait.</summary>
    public DateTimeOffset? HookUntil { get; set; }

    /// <summary>Whether it waited for others to end first.</summary>
    public bool HasWaited { get; set; }

    /// <summary>Whether it was asked to end.</summary>
    public bool IsAsked { get; set; }
}
