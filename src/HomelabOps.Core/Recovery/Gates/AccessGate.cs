namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Everything could be read.</summary>
internal sealed class AccessGate : IRecoveryGate
{
    public string Name => "Access";

    public IReadOnlyList<string> Kinds => [];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) => facts.Denied;
}
