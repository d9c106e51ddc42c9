namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Every Secret that nobody makes anew is in Git.</summary>
internal sealed class SecretsGate : IRecoveryGate
{
    public string Name => "Secrets";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.Secret];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        [.. facts.Of(RecoveryKinds.Secret).Where(item => !facts.ComesBack(item) && HelmOrigins.ReleaseOf(item) is null && !IsOfWebhook(item, facts)).Select(item => $"{item.Key.Namespace}/{item.Key.Name}").Order(StringComparer.Ordinal)];

    // It has a gate of its own, and what Helm keeps or made is told as a release, with the other objects.
    private static bool IsOfWebhook(LiveItem item, RecoveryFacts facts) => facts.Webhook is { } webhook && item.Key.Namespace == webhook.Namespace && item.Key.Name == webhook.ExpectedSecretName;
}
