namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>How time passes for a process.</summary>
internal interface IProcessTime
{
    DateTimeOffset Now { get; }

    Task SleepAsync(TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Runs something for so long at the most.</summary>
    /// <returns>Its exit code; null when it was killed.</returns>
    Task<int?> LimitAsync(TimeSpan limit, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken);

    /// <summary>Told of each command of a script, so that one without an end is noticed.</summary>
    void Step();
}
