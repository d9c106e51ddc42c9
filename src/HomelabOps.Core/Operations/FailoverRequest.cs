using HomelabOps.Core.Operations.Gates;

namespace HomelabOps.Core.Operations;

/// <summary>What was asked for.</summary>
internal sealed record FailoverRequest
{
    /// <summary>The node that the applications leave; null for the one that each is on.</summary>
    public string? From { get; init; }

    /// <summary>The node that they come to; null for the other side.</summary>
    public string? To { get; init; }

    /// <summary>What is to be done with them.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The remote of Git is not reached: the commit waits in the clone, and Flux is held meanwhile.</summary>
    public bool Local { get; init; }

    /// <summary>The node is given up as a whole, by the out-of-service taint.</summary>
    public bool OutOfService { get; init; }

    /// <summary>What proves that the old node is off; null for the surest that homelab.yaml allows.</summary>
    public FailoverFence? Fence { get; init; }

    /// <summary>Gates that do not count.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Refuses names of gates that there are not: who means one of them must not think that it is overridden.</summary>
    /// <exception cref="HomelabException">FailoverGateUnknown.</exception>
    public FailoverRequest Checked() =>
        Overrides.FirstOrDefault(name => !FailoverGates.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown ? throw Errors.FailoverGateUnknown(unknown, FailoverGates.Names) : this;
}
