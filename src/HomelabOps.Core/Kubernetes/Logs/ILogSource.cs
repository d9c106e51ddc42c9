namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>A log whose next line can be looked at.</summary>
internal interface ILogSource
{
    /// <summary>The next line, or null at the end.</summary>
    ValueTask<LogEntry?> PeekAsync(CancellationToken cancellationToken);

    /// <summary>Takes the line that <see cref="PeekAsync"/> gave.</summary>
    LogEntry Take();
}
