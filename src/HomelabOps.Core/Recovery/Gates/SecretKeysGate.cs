namespace HomelabOps.Core.Recovery.Gates;

/// <summary>What is encrypted in Git can be opened with a key that is not only in the cluster.</summary>
internal sealed class SecretKeysGate : IRecoveryGate
{
    public string Name => "SecretKeys";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [];

    private static readonly string[] Services = ["kms", "gcp_kms", "azure_kv", "hc_vault"];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. (facts.Git?.Encrypted ?? []).Where(file => !file.Keys.Any(key => facts.Keys.Contains(key) || Services.Contains(key, StringComparer.Ordinal)))
            .GroupBy(file => string.Join(" + ", file.Keys), StringComparer.Ordinal).Select(group => $"{group.Key} ({string.Join(", ", group.Select(file => file.File))})")];
}
