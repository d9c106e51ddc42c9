namespace HomelabOps.Core.MetalLB;

/// <summary>Who makes the webhook's Secret anew whatever is put in its place: it is mended where it is made.</summary>
internal static class SecretOwner
{
    private const string Immutable = "SecretImmutable";

    /// <summary>Reasons that a new Secret mends.</summary>
    public static IReadOnlyList<string> Renewed { get; } = ["SecretMissing", "KeysMissing", "KeysInvalid", "KeyNotPkcs1", "ChainInvalid", "NameMismatch", "UsageMismatch", "Expired", "ExpiresSoon", "NotYetValid"];

    /// <summary>Whether Flux applies it or cert-manager issues it.</summary>
    /// <param name="secret">The Secret; null where there is none.</param>
    /// <param name="applier">What applies it from Git; null for nothing.</param>
    public static bool IsOwned(WebhookSecret? secret, ResourceReference? applier) => secret is not null && (secret.Issued is not null || (!secret.IsLeftAlone && applier is not null));

    /// <summary>What helps where it is made; null where a new one can be put in its place, or would not help.</summary>
    /// <param name="reason">What is wrong with the webhook.</param>
    /// <param name="secret">The Secret; null where there is none.</param>
    /// <param name="applier">What applies it from Git; null for nothing.</param>
    public static string? Remedy(string reason, WebhookSecret? secret, ResourceReference? applier) => !IsOwned(secret, applier) || !(reason == Immutable || Renewed.Contains(reason)) ? null
        : secret!.Issued is { } certificate ? Errors.Text("MetalLBRemedy_Owned_Certificate", secret.Name, certificate)
        : Errors.Text("MetalLBRemedy_Owned", secret.Name, applier);
}
