namespace HomelabOps;

/// <summary>What came of a reconciliation that was asked for.</summary>
public sealed record FluxReconcileResult : HomelabRecord
{
    /// <summary>The Ready condition after the attempt; Unknown when the controller did not finish in time or was not waited for.</summary>
    public ConditionStatus Ready { get; init; } = ConditionStatus.Unknown;

    /// <summary>Ready is True.</summary>
    public bool Healthy => Ready == ConditionStatus.True;

    /// <summary>Revision that is applied, or stored.</summary>
    public string? Revision { get; init; }

    /// <summary>Reason of the Ready condition.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The controller's own message.</summary>
    public string Message { get; init; } = "";

    /// <summary>The broken object at the end of the chain; null when the object is well or is itself the cause.</summary>
    public ResourceReference? RootCause { get; init; }

    /// <summary>From the request to the controller's answer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>All conditions after the attempt.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}
