namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Which objects to read whole.</summary>
public sealed record RawObjectQuery
{
    /// <summary>Names, namespaces and label selector. A name may carry its kind.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Kind, plural or short name, with or without its group; null when the names carry it.</summary>
    public string? Kind { get; init; }

    /// <summary>Read the events about each object as well.</summary>
    public bool IncludeEvents { get; init; }

    /// <summary>Keep <c>metadata.managedFields</c>, which hardly anybody wants to read.</summary>
    public bool ShowManagedFields { get; init; }
}
