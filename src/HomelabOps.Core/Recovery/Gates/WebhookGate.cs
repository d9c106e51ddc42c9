using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>The Secret of MetalLB's webhook comes with the manifests, or MetalLB does not need it.</summary>
internal sealed class WebhookGate : IRecoveryGate
{
    public string Name => "Webhook";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.Secret];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) =>
        facts.Webhook is { ExpectedSecretName: { Length: > 0 } name, WebhookMode: not "disabled" } webhook && !facts.IsInGit(new ObjectKey("", "Secret", webhook.Namespace, name)) ? [$"{webhook.Namespace}/{name}"] : [];
}
