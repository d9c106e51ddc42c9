namespace HomelabOps;

/// <summary>What mends a finding, as data.</summary>
public sealed record HomelabRepairAction
{
    /// <summary>What is done.</summary>
    public HomelabRepairKind Kind { get; init; }

    /// <summary>To what.</summary>
    public required ResourceReference Target { get; init; }

    /// <summary>Path of a mount; empty for everything else.</summary>
    public string Path { get; init; } = "";

    /// <summary>Kind, target and path.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Kind} {Target}" : $"{Kind} {Target}:{Path}";
}
