namespace HomelabOps.Core.Kubernetes;

/// <summary>Names that users typed for something that objects have, such as their node, and which of them were met.</summary>
internal sealed class TypedNames(IReadOnlyList<string> typed)
{
    private readonly HashSet<string> _missing = new(typed.Where(name => !ResourcePattern.HasWildcard(name)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The literal names that nothing had. A wildcard may match nothing.</summary>
    public IEnumerable<string> Missing => typed.Where(_missing.Contains);

    /// <summary>Whether the name is asked for; every name is when none was typed.</summary>
    public bool Accepts(string name)
    {
        if (typed.Count == 0)
        {
            return true;
        }

        _missing.Remove(name);
        return typed.Any(pattern => ResourcePattern.Matches(pattern, name));
    }
}
