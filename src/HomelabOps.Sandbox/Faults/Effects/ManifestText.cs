namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>Changes of manifests as one makes them in an editor: the lines around stay as they are.</summary>
internal static class ManifestText
{
    /// <summary>Changes a value.</summary>
    /// <param name="text">The manifest.</param>
    /// <param name="after">The value is behind the first line with these words; empty for the start.</param>
    /// <param name="key">Its key.</param>
    /// <param name="change">The new value for the old one.</param>
    /// <exception cref="FaultNotPossibleException">There is no such line.</exception>
    public static string Set(string text, string after, string key, Func<string, string> change)
    {
        var lines = text.Split('\n');
        var index = Find(lines, after, line => Content(line).StartsWith(key + ": ", StringComparison.Ordinal), key);
        var start = lines[index].IndexOf(key + ": ", StringComparison.Ordinal) + key.Length + 2;
        lines[index] = lines[index][..start] + change(lines[index][start..]);
        return string.Join('\n', lines);
    }

    /// <summary>Puts lines behind the first one that begins with these words, as far to the right as that one.</summary>
    /// <exception cref="FaultNotPossibleException">There is no such line.</exception>
    public static string InsertAfter(string text, string line, string block, string after = "")
    {
        var lines = text.Split('\n').ToList();
        var index = Find(lines, after, candidate => candidate.TrimStart().StartsWith(line, StringComparison.Ordinal), line);
        var indent = lines[index][..^lines[index].TrimStart().Length];
        lines.InsertRange(index + 1, block.TrimEnd('\n').Split('\n').Select(added => indent + added));
        return string.Join('\n', lines);
    }

    /// <summary>Takes a line out.</summary>
    /// <exception cref="FaultNotPossibleException">There is no such line.</exception>
    public static string Remove(string text, string line)
    {
        var lines = text.Split('\n').ToList();
        lines.RemoveAt(Find(lines, "", candidate => candidate.Trim() == line, line));
        return string.Join('\n', lines);
    }

    private static string Content(string line) => line.TrimStart().TrimStart('-').TrimStart();

    private static int Find(IReadOnlyList<string> lines, string after, Func<string, bool> isIt, string what)
    {
        var index = 0;
        while (after.Length > 0 && index < lines.Count && !Content(lines[index]).StartsWith(after, StringComparison.Ordinal))
        {
            index++;
        }

        for (; index < lines.Count; index++)
        {
            if (isIt(lines[index]))
            {
                return index;
            }
        }

        throw new FaultNotPossibleException($"The manifest has no line \"{what}\"{(after.Length > 0 ? $" behind \"{after}\"" : "")}.");
    }
}
