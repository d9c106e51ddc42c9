namespace HomelabOps;

/// <summary>An object of Flux. <see cref="HomelabRecord.Kind"/> says which.</summary>
public record FluxResource : HomelabRecord
{
    /// <summary>The Ready condition; Unknown when the controller has not reported. Of a suspended object it is what it last was.</summary>
    public ConditionStatus Ready { get; init; } = ConditionStatus.Unknown;

    /// <summary>Ready, not suspended and not stale.</summary>
    public bool Healthy => Ready == ConditionStatus.True && !Suspended && !Stale;

    /// <summary>Reconciliation is suspended, so all status is frozen.</summary>
    public bool Suspended { get; init; }

    /// <summary>Who suspended it, why and until when, as far as it was written down; null when it is not suspended.</summary>
    public FluxSuspension? Suspension { get; init; }

    /// <summary>One word for the state: <c>Suspended</c>, <c>Stale</c>, or the reason of the Ready condition.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The controller's own message; for a suspended or stale object preceded by what that means.</summary>
    public string Message { get; init; } = "";

    /// <summary>Revision that is applied (Kustomization, HelmRelease) or stored (sources).</summary>
    public string? Revision { get; init; }

    /// <summary>Revision that was last tried.</summary>
    public string? AttemptedRevision { get; init; }

    /// <summary>Where the object gets its content from; null for sources.</summary>
    public ResourceReference? Source { get; init; }

    /// <summary>Path within the source; null where the kind has none.</summary>
    public string? Path { get; init; }

    /// <summary>How often the controller reconciles by itself; null where the kind has none.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The Kustomization or HelmRelease that applies this object; null when none does.</summary>
    public ResourceReference? Owner { get; init; }

    /// <summary>Objects that must be ready before this one.</summary>
    public IReadOnlyList<ResourceReference> DependsOn { get; init; } = [];

    /// <summary>Direct dependencies and source that keep this object from becoming ready.</summary>
    public IReadOnlyList<ResourceReference> BlockedBy { get; init; } = [];

    /// <summary>The broken object at the end of the chain of <see cref="BlockedBy"/>; null when the object is well or is itself the cause.</summary>
    public ResourceReference? RootCause { get; init; }

    /// <summary>What to do about it; empty for an object that is well or at work.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>When the controller last finished, local time, where its status says so.</summary>
    public DateTime? LastReconciled { get; init; }

    /// <summary>When the Ready condition last changed, local time.</summary>
    public DateTime? LastTransition { get; init; }

    /// <summary>Time since the object was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The controller has not yet seen the object's newest generation, or has been silent for much longer than the interval.</summary>
    public bool Stale { get; init; }

    /// <summary>All conditions.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}
