namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Every Secret that nobody makes anew is in Git.</summary>
internal sealed class SecretsGate : IRecoveryGate
{
    public string Name => "Secrets";

    public IReadOnlyList<string> Kinds => ["Secret"];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. facts.Of("Secret").Where(item => !item.IsMade && !facts.IsInGit(item) && !IsOfWebhook(item, facts)).Select(item => $"{item.Key.Namespace}/{item.Key.Name}").Order(StringComparer.Ordinal)];

    // It has a gate of its own.
    private static bool IsOfWebhook(LiveItem item, RecoveryFacts facts) => facts.Webhook is { } webhook && item.Key.Namespace == webhook.Namespace && item.Key.Name == webhook.ExpectedSecretName;
}
