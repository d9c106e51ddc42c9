namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Everything could be read.</summary>
internal sealed class AccessGate : IRecoveryGate
{
    public string Name => "Access";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) => [.. facts.Denied.Select(type => type.QualifiedName)];
}
