namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>The lines in which two texts differ, to be taken back also where the rest of the text has changed since.</summary>
/// <param name="Context">The line before them; null at the start.</param>
/// <param name="Old">How they were.</param>
/// <param name="New">How they are.</param>
/// <param name="Times">How often the old ones stood in the text.</param>
internal sealed record TextHunk(string? Context, IReadOnlyList<string> Old, IReadOnlyList<string> New, int Times)
{
    public static TextHunk Between(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var first = 0;
        while (first < Math.Min(old.Length, now.Length) && old[first] == now[first])
        {
            first++;
        }

        var last = 0;
        while (last < Math.Min(old.Length, now.Length) - first && old[^(last + 1)] == now[^(last + 1)])
        {
            last++;
        }

        string[] former = old[first..^last];
        return new(first == 0 ? null : old[first - 1], former, now[first..^last], Places(old, former).Count());
    }

    /// <summary>Whether a text has the new lines or, where lines were only taken out, has fewer of them than before.</summary>
    public bool Holds(string text) => New.Count > 0 ? Find(text.Split('\n'), New) >= 0 : Places(text.Split('\n'), Old).Count() < Times;

    /// <summary>The text with the old lines in the place of the new ones; as it is where it does not have them.</summary>
    public string Undo(string text)
    {
        if (!Holds(text))
        {
            return text;
        }

        var lines = text.Split('\n').ToList();
        var index = New.Count > 0 ? Find(lines, New) : lines.FindIndex(line => line == Context) + 1;
        if (index == 0 && Context is not null && New.Count == 0)
        {
            // What they stood behind is gone too: they go to the end, before the last line feed.
            index = Math.Max(0, lines.Count - 1);
        }

        lines.RemoveRange(index, New.Count);
        lines.InsertRange(index, Old);
        return string.Join('\n', lines);
    }

    // Of two places the one behind the right line.
    private int Find(IReadOnlyList<string> lines, IReadOnlyList<string> wanted)
    {
        var places = Places(lines, wanted).ToList();
        var exact = places.FindIndex(start => Context is null ? start == 0 : start > 0 && lines[start - 1] == Context);
        return places.Count == 0 ? -1 : places[Math.Max(0, exact)];
    }

    private static IEnumerable<int> Places(IReadOnlyList<string> lines, IReadOnlyList<string> wanted) =>
        Enumerable.Range(0, Math.Max(0, lines.Count - wanted.Count + 1)).Where(start => wanted.Select((line, offset) => lines[start + offset] == line).All(isSame => isSame));
}
