namespace HomelabOps;

/// <summary>A step of an operation.</summary>
public sealed record OperationStep
{
    /// <summary>Name of the step.</summary>
    public string Name { get; init; } = "";

    /// <summary>The same, as the default view calls it.</summary>
    public string Step => Name;

    /// <summary>How it stands.</summary>
    public OperationStepStatus Status { get; init; }

    /// <summary>When it was begun, local time; null when it was not.</summary>
    public DateTime? Started { get; init; }

    /// <summary>How long it took, the last time; null until it has ended.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What came of it.</summary>
    public string Message { get; init; } = "";

    /// <summary>Name and state.</summary>
    public override string ToString() => $"{Name} ({Status})";
}
