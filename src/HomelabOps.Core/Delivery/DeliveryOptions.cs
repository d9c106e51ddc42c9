namespace HomelabOps.Core.Delivery;

/// <summary>What is waited for, and for how long.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Hash of the commit that must arrive, perhaps in short; null for the present generation of the application.</summary>
    public string? Commit { get; init; }

    /// <summary>Lets the source fetch at once, instead of waiting for its interval, and a release be reconciled once its Kustomization has applied the commit.</summary>
    public bool Reconcile { get; init; }

    /// <summary>Folder of a clone, which knows whether a later revision has the commit; null when none is known.</summary>
    public string? Repository { get; init; }

    /// <summary>How long all of it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
