using System.Text;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>A table in plain text: aligned columns, the last one wrapped.</summary>
internal static class TableText
{
    /// <summary>Leaves room for the indentation within 80 columns.</summary>
    private const int Width = 72;

    /// <summary>Below this the last column would be a ribbon; then the line is longer than the width instead.</summary>
    private const int Narrowest = 16;

    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var columns = rows.Max(r => r.Count);
        var widths = Enumerable.Range(0, columns).Select(c => rows.Max(r => c < r.Count ? r[c].Length : 0)).ToArray();
        widths[^1] = Math.Min(widths[^1], Math.Max(Narrowest, Width - widths[..^1].Sum(w => w + 2)));

        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var line in Row(rows[i], widths))
            {
                yield return line;
            }

            if (i == 0)
            {
                yield return string.Join("  ", widths.Select(w => new string('-', w)));
            }
        }
    }

    private static IEnumerable<string> Row(IReadOnlyList<string> cells, int[] widths)
    {
        var start = new StringBuilder();
        for (var c = 0; c < widths.Length - 1; c++)
        {
            start.Append((c < cells.Count ? cells[c] : "").PadRight(widths[c] + 2));
        }

        var indent = new string(' ', start.Length);
        var last = cells.Count == widths.Length ? cells[^1] : "";
        return Wrap.Text(last, widths[^1]).Select((part, i) => ((i == 0 ? start.ToString() : indent) + part).TrimEnd());
    }
}
