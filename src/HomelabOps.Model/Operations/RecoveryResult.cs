namespace HomelabOps;

/// <summary>What became of bringing a cluster back from Git.</summary>
public sealed record RecoveryResult
{
    /// <summary>Name of the connection.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The working copy or the remote.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The folder of the cluster in it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The commit that was brought back, as Flux writes it; empty until its source is ready.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Every Kustomization is ready.</summary>
    public bool Recovered { get; init; }

    /// <summary>What was done, with how long it took.</summary>
    public IReadOnlyList<OperationStep> Steps { get; init; } = [];

    /// <summary>Kustomizations that are not ready, with what holds them up.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>How long all of it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Cluster and outcome.</summary>
    public override string ToString() => $"{Cluster}: {(Recovered ? "recovered" : "not recovered")}";
}
