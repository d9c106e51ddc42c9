namespace HomelabOps;

/// <summary>A line that a controller of Flux logged.</summary>
public sealed record FluxLogLine
{
    /// <summary>Name of the connection that it was read from.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>When it was logged, local time.</summary>
    public DateTime? Time { get; init; }

    /// <summary><c>info</c>, <c>error</c> or <c>debug</c>; empty for a line that is no record of the controller.</summary>
    public string Level { get; init; } = "";

    /// <summary>The controller, such as <c>kustomize-controller</c>.</summary>
    public string Controller { get; init; } = "";

    /// <summary>The object that it is about; null when it is about none.</summary>
    public ResourceReference? Target { get; init; }

    /// <summary>What the controller says.</summary>
    public string Message { get; init; } = "";

    /// <summary>The error behind it; empty for none.</summary>
    public string Error { get; init; } = "";

    /// <summary>The line as it was logged.</summary>
    public string Line { get; init; } = "";

    /// <summary>Kind of what the line leads to.</summary>
    public string Kind => Reference?.Kind ?? "";

    /// <summary>Namespace of what the line leads to.</summary>
    public string Namespace => Reference?.Namespace ?? "";

    /// <summary>Name of what the line leads to.</summary>
    public string Name => Reference?.Name ?? "";

    /// <summary>The object that it is about, to hand to other cmdlets.</summary>
    public ResourceReference? Reference => Target;

    /// <summary>The line as it was logged.</summary>
    public override string ToString() => Line;
}
