namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Something that a recovery from Git depends on. It asks nobody.</summary>
internal interface IRecoveryGate
{
    /// <summary>Name of the gate, which is part of the keys of its texts.</summary>
    string Name { get; }

    /// <summary>The kinds that it looks at. Where one may not be listed nothing is concluded from the others.</summary>
    IReadOnlyList<(string Group, string Kind)> Kinds { get; }

    /// <summary>What would be missing; empty when nothing would be.</summary>
    IReadOnlyList<string> Missing(RecoveryFacts facts);
}
