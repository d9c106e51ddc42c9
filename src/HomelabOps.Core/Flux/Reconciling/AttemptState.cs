namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>How far an attempt is.</summary>
internal enum AttemptState
{
    /// <summary>The controller has not answered yet, or is at work.</summary>
    Waiting,

    /// <summary>It waits for another object, and goes on by itself when that is ready.</summary>
    Blocked,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It went well.</summary>
    Succeeded,
}
