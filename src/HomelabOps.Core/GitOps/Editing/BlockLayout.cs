namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Where keys and items stand in a text.</summary>
internal static class BlockLayout
{
    /// <summary>The dash of the next item behind an offset; -1 where there is none in its column.</summary>
    /// <param name="text">The text.</param>
    /// <param name="after">After the last character of the item before.</param>
    /// <param name="column">The column of the list, counted from 1.</param>
    public static int FindDash(string text, int after, int column)
    {
        for (var line = text.IndexOf('\n', after) + 1; line > 0; line = text.IndexOf('\n', line) + 1)
        {
            var dash = line + column - 1;
            if (dash < text.Length && text[dash] == '-' && text.AsSpan(line, column - 1).Trim(' ').IsEmpty)
            {
                return dash;
            }
        }

        return -1;
    }

    /// <summary>Where each item of a list in a block begins, with its dash; null where one cannot be found.</summary>
    public static int[]? Dashes(string text, SyntaxNode sequence)
    {
        var dashes = new int[sequence.Items!.Count];
        for (var index = 0; index < dashes.Length; index++)
        {
            dashes[index] = index == 0 ? sequence.Start : FindDash(text, sequence.Items[index - 1].End, (int)sequence.Column);
            if (dashes[index] < 0 || text[dashes[index]] != '-')
            {
                return null;
            }
        }

        return dashes;
    }

    /// <summary>After the last character of an entry, comments not counted.</summary>
    public static int EndOf(SyntaxEntry entry) => Math.Max(entry.Key.End, entry.Value.End);

    /// <summary>The end of an entry's or item's last line, with the comments below it that belong to it.</summary>
    /// <param name="source">The text.</param>
    /// <param name="end">After its last character.</param>
    /// <param name="column">The first column of comments that belong to it, counted from 1.</param>
    public static int LastLineEnd(SourceText source, int end, int column)
    {
        var last = source.LineEnd(end);
        for (var line = source.NextLine(last); line < source.Text.Length; line = source.NextLine(line))
        {
            var lineEnd = source.LineEnd(line);
            var blanks = source.Text.AsSpan(line, lineEnd - line).IndexOfAnyExcept(' ', '\t');
            if (blanks >= 0 && (source.Text[line + blanks] != '#' || blanks + 1 < column))
            {
                break;
            }

            last = blanks >= 0 ? lineEnd : last;
        }

        return last;
    }

    /// <summary>Whether nothing but blanks stands between two offsets.</summary>
    public static bool IsBlank(string text, int from, int to) => text.AsSpan(from, to - from).Trim().IsEmpty;
}
