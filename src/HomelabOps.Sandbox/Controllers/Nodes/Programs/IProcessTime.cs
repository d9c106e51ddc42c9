namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>How time passes for a process.</summary>
internal interface IProcessTime
{
    DateTimeOffset Now { get; }

    Task SleepAsync(TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Runs something for so long at the most.</summary>
    /// <returns>Its exit code; null when it was killed.</returns>
    Task<int?> LimitAsync(TimeSpan limit, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken);

    /// <summary>Runs something that waits for what is no process of this time, such as a server.</summary>
    Task<T> OutsideAsync<T>(Func<Task<T>> work) => work();

    /// <summary>Begins something that goes on beside whoever begins it.</summary>
    Task<int> ForkAsync(Func<Task<int>> run) => run();

    /// <summary>Has something done to what lives in this time.</summary>
    void Post(Action action);

    /// <summary>Told of each command of a script, so that one without an end is noticed.</summary>
    void Step();
}
