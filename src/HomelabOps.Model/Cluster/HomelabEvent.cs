namespace HomelabOps;

/// <summary>An event of the cluster.</summary>
public sealed record HomelabEvent : HomelabRecord
{
    /// <summary>When it was last observed, local time.</summary>
    public DateTime? Time { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>One word for what happened.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What happened.</summary>
    public string Message { get; init; } = "";

    /// <summary>How often it was observed.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The object that it is about.</summary>
    public ResourceReference? Target { get; init; }

    /// <summary>The component that reported it, with its host where known.</summary>
    public string Source { get; init; } = "";
}
