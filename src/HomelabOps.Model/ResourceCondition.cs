namespace HomelabOps;

/// <summary>One entry of an object's <c>status.conditions</c>.</summary>
public sealed record ResourceCondition
{
    /// <summary>Type of the condition, such as <c>Ready</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Whether the condition holds.</summary>
    public ConditionStatus Status { get; init; } = ConditionStatus.Unknown;

    /// <summary>One word for why, from the controller.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The controller's own explanation.</summary>
    public string Message { get; init; } = "";

    /// <summary>When <see cref="Status"/> last changed, local time.</summary>
    public DateTime? LastTransition { get; init; }

    /// <summary>Generation of the object that the condition speaks of, where the controller says it.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary><c>Type=Status</c>.</summary>
    public override string ToString() => $"{Type}={Status}";
}
