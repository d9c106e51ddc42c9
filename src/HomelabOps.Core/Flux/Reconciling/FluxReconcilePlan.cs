namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>What is reconciled, and what before what.</summary>
public sealed class FluxReconcilePlan
{
    private readonly Dictionary<ResourceReference, FluxReconcileStep> _steps = [];

    private readonly HashSet<(ResourceReference User, ResourceReference Source)> _unread = [];

    private FluxReconcilePlan(IReadOnlyDictionary<ResourceReference, FluxResource> objects) => Objects = objects;

    /// <summary>The steps, each after those that it waits for.</summary>
    public IReadOnlyCollection<FluxReconcileStep> Steps => _steps.Values;

    /// <summary>Sources that ought to come first and were not found, each with what gets its content from it: they do not exist, or may not be read.</summary>
    public IReadOnlyCollection<(ResourceReference User, ResourceReference Source)> Unread => _unread;

    private IReadOnlyDictionary<ResourceReference, FluxResource> Objects { get; }

    /// <summary>Plans the reconciliation of objects.</summary>
    /// <param name="targets">What is to be reconciled.</param>
    /// <param name="all">All objects of Flux in the cluster.</param>
    /// <param name="options">Whether sources and parents come before.</param>
    public static FluxReconcilePlan Make(IEnumerable<FluxResource> targets, IEnumerable<FluxResource> all, FluxReconcileOptions options)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        var plan = new FluxReconcilePlan(all.ToDictionary(resource => resource.Reference));
        foreach (var target in targets.OrderBy(target => FluxKind.Order(target.Kind)))
        {
            plan.AddTarget(target, options);
        }

        plan.LinkDependencies();
        return plan;
    }

    private void AddTarget(FluxResource target, FluxReconcileOptions options)
    {
        var before = new List<ResourceReference>();
        if (options.Chain)
        {
            AddParents(target, before);
        }

        if (options.Chain || options.WithSource)
        {
            AddSources(target, before);
        }

        Add(target, before, isTarget: true);
    }

    // From the top down: each is applied by the one before it.
    private void AddParents(FluxResource target, List<ResourceReference> before)
    {
        var parents = new Stack<FluxResource>();
        var seen = new HashSet<ResourceReference> { target.Reference };
        for (var owner = target.Owner; owner is not null && seen.Add(owner) && Objects.TryGetValue(owner, out var parent); owner = parent.Owner)
        {
            parents.Push(parent);
        }

        while (parents.TryPop(out var parent))
        {
            AddSources(parent, before);
            Add(parent, before, isTarget: false);
            before.Add(parent.Reference);
        }
    }

    // The source's own source first: a HelmChart's repository. What no controller works on is left out.
    private void AddSources(FluxResource resource, List<ResourceReference> before)
    {
        if (resource.Source is { } wanted && FluxSources.Of(resource, Objects) is null)
        {
            _unread.Add((resource.Reference, wanted));
        }

        foreach (var source in FluxSources.AllOf(resource, Objects).Reverse().Where(source => source.Reason != "Static" && !before.Contains(source.Reference)))
        {
            Add(source, before, isTarget: false);
            before.Add(source.Reference);
        }
    }

    private void Add(FluxResource resource, IEnumerable<ResourceReference> before, bool isTarget)
    {
        if (!_steps.TryGetValue(resource.Reference, out var step))
        {
            _steps[resource.Reference] = step = new FluxReconcileStep(resource);
        }

        step.IsTarget |= isTarget;
        foreach (var reference in before.Where(reference => reference != resource.Reference && !Reaches(reference, resource.Reference)))
        {
            step.Add(reference);
        }
    }

    // Among what is reconciled anyway, what others depend on comes first.
    private void LinkDependencies()
    {
        foreach (var step in _steps.Values)
        {
            foreach (var reference in step.Resource.DependsOn.Concat(FluxSources.AllOf(step.Resource, Objects).Select(source => source.Reference)))
            {
                if (reference != step.Resource.Reference && _steps.ContainsKey(reference) && !Reaches(reference, step.Resource.Reference))
                {
                    step.Add(reference);
                }
            }
        }
    }

    // Whether one waits for the other already: who depends on each other must not wait for each other here.
    private bool Reaches(ResourceReference from, ResourceReference to)
    {
        var seen = new HashSet<ResourceReference>();
        var open = new Stack<ResourceReference>([from]);
        while (open.TryPop(out var current))
        {
            if (current == to)
            {
                return true;
            }

            if (seen.Add(current) && _steps.TryGetValue(current, out var step))
            {
                foreach (var next in step.After)
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }
}
