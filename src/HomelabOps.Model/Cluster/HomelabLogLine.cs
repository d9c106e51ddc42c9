namespace HomelabOps;

/// <summary>One line of a container's log.</summary>
public sealed record HomelabLogLine
{
    /// <summary>Name of the connection that it was read from.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>When the container runtime received the line, local time.</summary>
    public DateTime? Time { get; init; }

    /// <summary>Namespace of the pod.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Name of the pod.</summary>
    public string Pod { get; init; } = "";

    /// <summary>Kind of what the line leads to, which is its pod.</summary>
    public string Kind { get; } = "Pod";

    /// <summary>Name of the pod, as other records have it.</summary>
    public string Name => Pod;

    /// <summary>The pod, to hand to other cmdlets.</summary>
    public ResourceReference Reference => new(Cluster, Kind, Namespace, Name);

    /// <summary>Name of the container.</summary>
    public string Container { get; init; } = "";

    /// <summary>The line, without time and line end.</summary>
    public string Line { get; init; } = "";

    /// <summary>The line.</summary>
    public override string ToString() => Line;
}
