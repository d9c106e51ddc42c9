namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>How objects are reconciled.</summary>
public sealed record FluxReconcileOptions
{
    /// <summary>The object's source first.</summary>
    public bool WithSource { get; init; }

    /// <summary>Sources and the Kustomizations that apply the object first, from the top down, so that a change of its own manifest arrives.</summary>
    public bool Chain { get; init; }

    /// <summary>A HelmRelease is installed or upgraded even where nothing changed.</summary>
    public bool Force { get; init; }

    /// <summary>A HelmRelease forgets its failures, so that one that ran out of retries tries again.</summary>
    public bool Reset { get; init; }

    /// <summary>Asks and does not wait.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long each object may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
