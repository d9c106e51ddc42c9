namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>One object that is reconciled.</summary>
public sealed class FluxReconcileStep
{
    private readonly List<ResourceReference> _after = [];

    internal FluxReconcileStep(FluxResource resource) => Resource = resource;

    /// <summary>The object as it was when the plan was made.</summary>
    public FluxResource Resource { get; }

    /// <summary>It was asked for; else it comes before one that was.</summary>
    public bool IsTarget { get; internal set; }

    /// <summary>What is reconciled before it.</summary>
    public IReadOnlyList<ResourceReference> After => _after;

    internal void Add(ResourceReference before)
    {
        if (!_after.Contains(before))
        {
            _after.Add(before);
        }
    }
}
