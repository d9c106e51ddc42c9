namespace HomelabOps;

/// <summary>What a command did in a container or on a node.</summary>
public sealed record HomelabCommandResult : HomelabRecord
{
    /// <summary>The pod or node that it ran in.</summary>
    public ResourceReference Target => Reference;

    /// <summary>The container that it ran in.</summary>
    public string Container { get; init; } = "";

    /// <summary>Its exit code; 0 is a success.</summary>
    public int ExitCode { get; init; }

    /// <summary>What it wrote to its standard output, without the line end at the end.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to its standard error, without the line end at the end.</summary>
    public string Error { get; init; } = "";

    /// <summary>How long it took, the way there and back included.</summary>
    public TimeSpan Duration { get; init; }
}
