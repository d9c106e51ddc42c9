namespace HomelabOps;

/// <summary>What of a cluster Git would not bring back.</summary>
public sealed record RecoveryReadiness
{
    /// <summary>Name of the connection.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The working copy or the remote that was looked at; empty where none is known.</summary>
    public string Repository { get; init; } = "";

    /// <summary>All gates are passed: a fresh cluster would become this one.</summary>
    public bool Ready { get; init; }

    /// <summary>What was looked at.</summary>
    public IReadOnlyList<RecoveryGate> Gates { get; init; } = [];

    /// <summary>Cluster and outcome.</summary>
    public override string ToString() => $"{Cluster}: {(Ready ? "ready" : string.Join(", ", Gates.Where(gate => !gate.Passed).Select(gate => gate.Name)))}";
}
