namespace HomelabOps.Core.Reporting.Html;

/// <summary>What several sections of the page are made of.</summary>
internal static class HtmlParts
{
    private const int LongestText = 600;

    /// <summary>The shapes that stand for states, once a page.</summary>
    public const string Marks =
        """
        <svg width="0" height="0" style="position:absolute" aria-hidden="true"><symbol id="w" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8"/><path d="M4 8l3 3 5-6" style="fill:none;stroke:var(--bg);stroke-width:2"/></symbol><symbol id="b" viewBox="0 0 16 16"><path d="M8 0l8 15H0z" style="stroke:none;fill:inherit"/><path d="M8 5v5m0 1.500v2" style="fill:none;stroke:var(--bg);stroke-width:2"/></symbol><symbol id="s" viewBox="0 0 16 16"><path d="M1 1h14v14H1z" style="stroke:none;fill:inherit"/><path d="M6 4v8m4-8v8" style="fill:none;stroke:var(--bg);stroke-width:2"/></symbol><symbol id="m" viewBox="0 0 16 16"><path d="M8 0l8 8-8 8-8-8z" style="stroke:none;fill:inherit"/></symbol></svg>
        """;

    /// <summary>Class of a state, which is also the name of its shape.</summary>
    public static string ClassOf(PartState state) => state switch
    {
        PartState.Well => "w",
        PartState.Unwell => "b",
        PartState.Stopped => "s",
        _ => "m",
    };

    /// <summary>The head of a section. Says so when its part was not read.</summary>
    public static HtmlBuilder Section(this HtmlBuilder page, string id, string title, bool wasRead) => wasRead
        ? page.Add($"""<section id="{id}"><h2>{title}</h2>""")
        : page.Add($"""<section id="{id}"><h2>{title}</h2><p class="n">Could not be read; see the head of this page.</p>""");

    /// <summary>A table with three columns, which is what fits a narrow screen.</summary>
    public static void Table<T>(this HtmlBuilder page, string caption, (string First, string Second, string Third) heads, IEnumerable<T> rows, Action<T> cells)
    {
        page.Add($"""<table aria-label="{caption}"><thead><tr><th scope="col">{heads.First}</th><th scope="col">{heads.Second}</th><th scope="col">{heads.Third}</th></tr></thead><tbody>""").AddOwn("\n");
        foreach (var row in rows)
        {
            page.AddOwn("<tr>");
            cells(row);
            page.AddOwn("</tr>\n");
        }

        page.AddOwn("</tbody></table>");
    }

    /// <summary>A cell with a name and what is less important.</summary>
    public static HtmlBuilder Cell(this HtmlBuilder page, string text, params ReadOnlySpan<string> details)
    {
        page.Add($"<td>{text}");
        foreach (var detail in details)
        {
            if (detail.Length > 0)
            {
                page.Add($"<small>{Short(detail)}</small>");
            }
        }

        return page.AddOwn("</td>");
    }

    /// <summary>A cell with a state: shape, word, and why.</summary>
    public static HtmlBuilder StateCell(this HtmlBuilder page, (PartState State, string Word) state, string detail = "")
    {
        var name = ClassOf(state.State);
        page.Add($"""<td><span class="{name}"><svg class="c" aria-hidden="true"><use href="#{name}"/></svg>{state.Word}</span>""");
        return detail.Length > 0 ? page.Add($"<small>{Short(detail)}</small></td>") : page.AddOwn("</td>");
    }

    /// <summary>A bar with its value in words before it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="words">The value.</param>
    /// <param name="share">0 to 1, or more; null for no bar.</param>
    /// <param name="isHigh">It is too much.</param>
    public static HtmlBuilder Bar(this HtmlBuilder page, string words, double? share, bool isHigh)
    {
        page.Add($"<span>{words}{(isHigh ? " (high)" : "")}</span>");
        return share is { } part ? page.Add($"""<span class="u" aria-hidden="true"><i class="{(isHigh ? "h" : "o")}" style="width:{Math.Clamp(part * 100, 0, 100):0}%"></i></span>""") : page;
    }

    /// <summary>A text without end is of use to nobody on a page.</summary>
    public static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
