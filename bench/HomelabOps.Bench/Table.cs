using System.Text;

namespace HomelabOps.Bench;

/// <summary>Prints rows.</summary>
internal static class Table
{
    private static readonly string[] Titles = ["", "what", "HomelabOps", "reference", "result", "limit", ""];

    public static string Render(IEnumerable<Row> rows, bool markdown)
    {
        string[][] cells =
        [
            Titles,
            .. rows.Select(row => (string[])[row.Group, markdown ? row.What.Replace("|", "\\|", StringComparison.Ordinal) : row.What, row.Ours, row.Reference, row.Result, row.Limit, row.Holds switch { true => "pass", false => "MISS", _ => "" }]),
        ];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var line = 0; line < cells.Length; line++)
        {
            var padded = cells[line].Select((cell, column) => cell.PadRight(widths[column]));
            text.AppendLine(markdown ? $"| {string.Join(" | ", padded)} |" : string.Join("  ", padded).TrimEnd());
            if (line == 0)
            {
                var rules = widths.Select(width => new string('-', Math.Max(width, 3)));
                text.AppendLine(markdown ? $"| {string.Join(" | ", rules)} |" : string.Join("  ", rules));
            }
        }

        return text.ToString();
    }
}
