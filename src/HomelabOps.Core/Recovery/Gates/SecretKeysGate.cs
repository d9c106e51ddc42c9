namespace HomelabOps.Core.Recovery.Gates;

/// <summary>What is encrypted in Git can be opened with a key that is not only in the cluster.</summary>
internal sealed class SecretKeysGate : IRecoveryGate
{
    public string Name => "SecretKeys";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. (facts.Git?.Encrypted ?? []).Where(file => !file.CanBeOpened(facts.Keys)).GroupBy(file => file.Describe(), StringComparer.Ordinal).Select(group => $"{group.Key} ({string.Join(", ", group.Select(file => file.File))})")];
}
