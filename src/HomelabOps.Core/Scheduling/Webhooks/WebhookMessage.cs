namespace HomelabOps.Core.Scheduling.Webhooks;

/// <summary>What is told.</summary>
/// <param name="Title">In one line.</param>
/// <param name="Lines">What changed.</param>
/// <param name="Worst">The worst of what is wrong; null where all is well.</param>
internal sealed record WebhookMessage(string Title, IReadOnlyList<string> Lines, FindingSeverity? Worst)
{
    /// <summary>The lines as a text, cut where a service takes no more.</summary>
    public string Text(int most) => string.Join('\n', Lines) is var text && text.Length > most ? text[..(most - 1)] + "…" : text;
}
