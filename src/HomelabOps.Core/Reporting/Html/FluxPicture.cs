using System.Text;

namespace HomelabOps.Core.Reporting.Html;

/// <summary>
/// Draws which source leads to what, down to the applications, as trees of rows. They are cut into pieces of one column's width, so that
/// the page can lay them out beside each other where it is wide and print none of them across two sheets.
/// </summary>
internal static class FluxPicture
{
    private const int MostRows = 24;
    private const int RowHeight = 22;
    private const int Step = 15;
    private const int Width = 340;

    /// <summary>Draws them.</summary>
    public static void Draw(HtmlBuilder page, IReadOnlyList<FluxResource> flux, IReadOnlyList<HomelabApp> apps)
    {
        foreach (var root in FluxForestRows.Of(flux, apps))
        {
            for (var first = 0; first < root.Count;)
            {
                var ancestors = Ancestors(root, first);
                var count = Math.Min(MostRows, root.Count - first);
                Draw(page, root, ancestors, first, count);
                first += count;
            }
        }
    }

    // What a piece continues is told again above it.
    private static List<int> Ancestors(IReadOnlyList<PictureRow> rows, int first)
    {
        var found = new List<int>();
        for (var parent = rows[first].Parent; parent >= 0; parent = rows[parent].Parent)
        {
            found.Insert(0, parent);
        }

        return found;
    }

    private static void Draw(HtmlBuilder page, IReadOnlyList<PictureRow> rows, List<int> ancestors, int first, int count)
    {
        List<int> shown = [.. ancestors, .. Enumerable.Range(first, count)];
        var unwell = shown.Skip(ancestors.Count).Count(index => rows[index].State == PartState.Unwell);
        var label = $"{rows[0].Kind} {rows[0].Name}{(first > 0 ? ", continued" : "")}: {Counted.Of(count, "object")}, {unwell} not well";
        var height = shown.Count * RowHeight;
        page.Add($"""<svg role="img" aria-label="{label}" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}">""");
        page.Add($"""<path d="{Lines(rows, shown)}"/>""");
        for (var line = 0; line < shown.Count; line++)
        {
            Row(page, rows[shown[line]], line, isAgain: line < ancestors.Count);
        }

        page.AddOwn("</svg>\n");
    }

    private static void Row(HtmlBuilder page, PictureRow row, int line, bool isAgain)
    {
        var (x, y, name) = (3 + (row.Depth * Step), (line * RowHeight) + 4, HtmlParts.ClassOf(row.State));
        var word = isAgain ? " (continued)" : row.State == PartState.Well ? "" : $" {row.Word}";
        var room = (Width - x - 20) / 7;
        var kind = row.Kind.Length + row.Name.Length + word.Length + 2 > room ? "" : $" {row.Kind}";
        page.Add($"""<use href="#{name}" class="{name}" x="{x}" y="{y}" width="13" height="13"/><text class="{(row.State == PartState.Well ? "o" : name)}" x="{x + 18}" y="{y + 11}">{Cut(row.Name, room - word.Length)}{word}""");
        (kind.Length > 0 ? page.Add($"""<tspan class="k">{kind}</tspan>""") : page).AddOwn("</text>");
    }

    private static string Cut(string name, int most) => name.Length <= most ? name : name[..Math.Max(most - 1, 3)] + "…";

    private static string Lines(IReadOnlyList<PictureRow> rows, List<int> shown)
    {
        var (path, lineOf) = (new StringBuilder(), new Dictionary<int, int>());
        for (var line = 0; line < shown.Count; line++)
        {
            lineOf[shown[line]] = line;
            if (lineOf.TryGetValue(rows[shown[line]].Parent, out var above))
            {
                var x = 9 + (rows[shown[line]].Depth * Step);
                path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x - Step} {(above * RowHeight) + 18}V{(line * RowHeight) + 11}H{x - 7}");
            }
        }

        return path.Length == 0 ? "M0 0" : path.ToString();
    }
}
