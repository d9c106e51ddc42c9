namespace HomelabOps;

/// <summary>A breakdown that was rehearsed on the embedded homelab, and how it went.</summary>
public sealed record DrillResult
{
    /// <summary>What was rehearsed.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>The section of the runbook that it is about.</summary>
    public string Section { get; init; } = "";

    /// <summary>What was broken, such as a node or an application; empty where the whole homelab is meant.</summary>
    public string Target { get; init; } = "";

    /// <summary>The application that was moved, with its namespace; empty where none was.</summary>
    public string App { get; init; } = "";

    /// <summary>Test-Homelab found it.</summary>
    public bool Detected { get; init; }

    /// <summary>From the breakdown until it was found, by the homelab's clock, which runs faster; null where it was not.</summary>
    public TimeSpan? TimeToDetect { get; init; }

    /// <summary>The cause was taken away by the remedy, and Test-Homelab finds nothing of it any more.</summary>
    public bool Recovered { get; init; }

    /// <summary>From the breakdown until all was well, by the homelab's clock; null where it was not.</summary>
    public TimeSpan? TimeToRecover { get; init; }

    /// <summary>What was done, with how long it took on this machine.</summary>
    public IReadOnlyList<OperationStep> Steps { get; init; } = [];

    /// <summary>It was found and mended.</summary>
    public bool Passed { get; init; }

    /// <summary>What went wrong; empty when nothing did.</summary>
    public string Message { get; init; } = "";

    /// <summary>How long all of it took on this machine.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Scenario and outcome.</summary>
    public override string ToString() => $"{Scenario}: {(Passed ? "passed" : "failed")}";
}
