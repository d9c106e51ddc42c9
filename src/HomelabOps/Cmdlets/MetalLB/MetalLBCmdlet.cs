namespace HomelabOps.Cmdlets.MetalLB;

/// <summary>Base of the cmdlets for MetalLB's webhook: what is piped in leads to the namespace that it is in.</summary>
public abstract class MetalLBCmdlet : NamespacedCmdlet
{
    private static readonly string[] Leading = ["Deployment", "Pod", "Secret", "Service", "Namespace"];

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            Collect(reference => Leading.Contains(reference.Kind) ? new ResourcePattern(reference) : null, "objects of MetalLB's namespace");
        }
    }

    /// <summary>The namespaces that records lead to.</summary>
    private protected static IReadOnlyList<string> SpacesOf(IReadOnlyList<ResourcePattern> names) =>
        [.. names.Select(name => name.Kind == "Namespace" ? name.Name : name.Namespace ?? "").Where(space => space.Length > 0).Distinct(StringComparer.Ordinal)];
}
