namespace HomelabOps.Core.MetalLB;

/// <summary>What is wrong with the webhook.</summary>
/// <param name="Reason">One word, which is also the key of the texts.</param>
/// <param name="Arguments">What its texts are filled with.</param>
internal sealed record WebhookProblem(string Reason, params IReadOnlyList<object?> Arguments)
{
    private const string ReasonText = "MetalLBReason";
    private const string RemedyText = "MetalLBRemedy";

    /// <summary>Behind the reason in the key of the texts, where there are several; empty for the usual ones.</summary>
    public string Variant { get; init; } = "";

    /// <summary>All is well although there is something to say.</summary>
    public bool IsHarmless { get; init; }

    public string Message => Errors.Text($"{ReasonText}_{Reason}{Variant}", [.. Arguments]);

    public string Remedy => Errors.Text($"{RemedyText}_{Reason}{Variant}", [.. Arguments]);
}
