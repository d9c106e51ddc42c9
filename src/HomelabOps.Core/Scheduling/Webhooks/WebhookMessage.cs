namespace HomelabOps.Core.Scheduling.Webhooks;

/// <summary>What is told.</summary>
/// <param name="Title">In one line.</param>
/// <param name="Lines">What changed.</param>
/// <param name="Worst">The worst of what is wrong; null where all is well.</param>
internal sealed record WebhookMessage(string Title, IReadOnlyList<string> Lines, FindingSeverity? Worst)
{
    private const int MostLines = 15;

    /// <summary>The lines as a text: as many whole ones as a service takes, and how many are left.</summary>
    public string Text(int most)
    {
        for (var count = Math.Min(Lines.Count, MostLines); count > 1; count--)
        {
            var left = Lines.Count - count;
            if (string.Join('\n', left > 0 ? [.. Lines.Take(count), More(left)] : Lines) is var text && text.Length <= most)
            {
                return text;
            }
        }

        // A single line that is too long is all that is cut.
        var rest = Lines.Count > 1 ? "\n" + More(Lines.Count - 1) : "";
        return Lines.Count == 0 ? "" : (Lines[0].Length + rest.Length <= most ? Lines[0] : Lines[0][..(most - rest.Length - 1)] + "…") + rest;
    }

    private static string More(int left) => $"and {left} more";
}
