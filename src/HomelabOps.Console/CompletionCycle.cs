using System.Management.Automation;
using System.Text;

namespace HomelabOps.Console;

/// <summary>The matches that Tab walks through, and where in the line they go.</summary>
internal sealed class CompletionCycle(IReadOnlyList<CompletionResult> matches, int start, int length)
{
    private int _index = -1;

    public int Start => start;

    public int Length { get; set; } = length;

    /// <summary>The beginning that all matches have in common, in the spelling of the first.</summary>
    public static string Shared(IReadOnlyList<CompletionResult> matches)
    {
        string first = matches[0].CompletionText;
        int length = first.Length;
        foreach (CompletionResult match in matches)
        {
            int same = 0;
            while (same < Math.Min(length, match.CompletionText.Length)
                && char.ToUpperInvariant(first[same]) == char.ToUpperInvariant(match.CompletionText[same]))
            {
                same++;
            }

            length = same;
        }

        return first[..length];
    }

    /// <summary>The matches in columns, read downwards as ls shows them, and no more than fit.</summary>
    public static IReadOnlyList<string> List(IReadOnlyList<CompletionResult> matches, int width, int maximumRows)
    {
        const int Gap = 2;
        string[] names = [.. matches.Select(match => Cells.Fit(match.ListItemText, width - Gap))];
        int column = names.Max(name => Cells.Width(name)) + Gap;
        int columns = Math.Max(1, width / column);
        int rows = (names.Length + columns - 1) / columns;
        int shownRows = Math.Min(rows, Math.Max(1, maximumRows));
        List<string> lines = [];
        for (int row = 0; row < shownRows; row++)
        {
            StringBuilder line = new();
            for (int index = row; index < names.Length; index += rows)
            {
                line.Append(names[index]).Append(' ', column - Cells.Width(names[index]));
            }

            lines.Add(line.ToString().TrimEnd());
        }

        if (shownRows < rows)
        {
            lines.Add($"({names.Length} in all; type more of it, or Tab through them)");
        }

        return lines;
    }

    public CompletionResult Step(bool backwards)
    {
        int next = backwards ? _index - 1 : _index + 1;
        _index = (next + matches.Count) % matches.Count;
        return matches[_index];
    }
}
