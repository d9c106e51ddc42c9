namespace HomelabOps;

/// <summary>An object in the tree of what Flux applies.</summary>
public sealed record FluxTreeNode : HomelabRecord
{
    /// <summary>How far below the root; 0 for the root itself.</summary>
    public int Depth { get; init; }

    /// <summary>The object that applies this one; null for a root.</summary>
    public ResourceReference? Parent { get; init; }

    /// <summary>The apiVersion that the cluster serves; the group alone where it serves none.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Whether the object is as its spec wants it.</summary>
    public ObjectHealth Health { get; init; }

    /// <summary>Health is Current, and it is not suspended.</summary>
    public bool Healthy => Health == ObjectHealth.Current && !Suspended;

    /// <summary>What the health is made of, and what keeps parts of the tree from being shown.</summary>
    public string Message { get; init; } = "";

    /// <summary>The Ready condition of an object of Flux; null for other objects.</summary>
    public ConditionStatus? Ready { get; init; }

    /// <summary>An object of Flux that is suspended, so that its part of the tree may be old.</summary>
    public bool Suspended { get; init; }

    /// <summary>Revision that an object of Flux has applied; null for other objects.</summary>
    public string? Revision { get; init; }
}
