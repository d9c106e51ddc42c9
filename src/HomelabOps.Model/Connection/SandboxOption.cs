namespace HomelabOps;

/// <summary>How large the embedded homelab is, and which of the possible ones it is.</summary>
public sealed record SandboxOption
{
    /// <summary>Applications, from 1 to 300.</summary>
    public int Apps { get; set; } = 12;

    /// <summary>Nodes, the control plane among them, from 3 to 200.</summary>
    public int Nodes { get; set; } = 3;

    /// <summary>Pods in all, up to 20000; null for those of the applications and the infrastructure only.</summary>
    public int? Pods { get; set; }

    /// <summary>The same seed gives the same homelab, with the same UIDs; null for the usual one with UIDs of its own.</summary>
    public int? Seed { get; set; }
}
