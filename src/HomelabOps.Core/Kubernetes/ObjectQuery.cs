namespace HomelabOps.Core.Kubernetes;

/// <summary>Which objects users asked for, by what they typed.</summary>
public sealed record ObjectQuery
{
    /// <summary>Names as typed; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> Names { get; init; } = [];

    /// <summary>Namespaces, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Label selector as kubectl's <c>-l</c>; null for none.</summary>
    public string? Selector { get; init; }

    /// <summary>As much of the query as the server can answer; the rest is filtered here.</summary>
    /// <param name="fieldSelector">A further condition for the server; null for none.</param>
    internal ListQuery ToListQuery(string? fieldSelector = null)
    {
        // What is no name of Kubernetes would be taken for a part of the selector; nothing is called so, as the filter finds.
        var name = Names is [{ IsWildcard: false } only] && only.Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or ':') ? $"metadata.name={only.Name.ToLowerInvariant()}" : null;
        return new ListQuery
        {
            Namespace = SingleNamespace(),
            LabelSelector = Selector,
            FieldSelector = (name, fieldSelector) switch
            {
                (null, _) => fieldSelector,
                (_, null) => name,
                _ => $"{name},{fieldSelector}",
            },
        };
    }

    private string? SingleNamespace()
    {
        if (Namespaces is [var typed] && !ResourcePattern.HasWildcard(typed) && ResourceType.CanBeNamed(typed))
        {
            return typed.ToLowerInvariant();
        }

        // All names carry the same namespace, as references from a pipe often do.
        return Names.Count > 0 && Names[0].Namespace is { Length: > 0 } first && !ResourcePattern.HasWildcard(first) && ResourceType.CanBeNamed(first) && Names.All(name => name.Namespace == first)
            ? first.ToLowerInvariant()
            : null;
    }
}
