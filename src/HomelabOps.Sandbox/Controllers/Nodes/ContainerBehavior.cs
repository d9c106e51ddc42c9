namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>How a container of another simulated part runs.</summary>
/// <param name="Duration">Time of the homelab until it ends.</param>
/// <param name="ExitCode">With what it ends; null for one that runs on.</param>
/// <param name="Reason">Such as <c>Completed</c> or <c>Error</c>.</param>
/// <param name="Lines">What it writes to its log.</param>
internal sealed record ContainerBehavior(TimeSpan Duration, int? ExitCode, string Reason, IReadOnlyList<string> Lines)
{
    /// <summary>When what it waits for has come, from when on its duration counts; null while it waits. Without this it waits for nothing.</summary>
    public Func<DateTimeOffset?>? Begins { get; init; }

    /// <summary>How many of its lines it writes before.</summary>
    public int LinesBefore { get; init; }
}
