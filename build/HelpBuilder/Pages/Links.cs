using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>The links of a page.</summary>
internal static class Links
{
    public static bool IsExternal(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    /// <summary>Every relative link must lead to a file that is there.</summary>
    public static void Check(Page page, Diagnostics diagnostics)
    {
        var folder = Path.GetDirectoryName(page.File) ?? "";
        foreach (var link in page.Sections.SelectMany(s => s.Blocks.Concat(s.Entries.SelectMany(e => e.Blocks))).SelectMany(LinksOf))
        {
            var target = (link.Url ?? "").Split('#')[0];
            if (link.Url is null or "" || (target.Length > 0 && !IsExternal(link.Url) && !Exists(folder, target)))
            {
                diagnostics.Add(page.File, Position.Of(link), Codes.Link, $"The link leads to {(link.Url is { Length: > 0 } url ? url : "nothing")}, which does not exist.");
            }
        }
    }

    /// <summary>The links of RELATED LINKS as (text, address); the address is empty for pages of this module.</summary>
    public static IReadOnlyList<(string Text, string Uri)> Related(Page page, Diagnostics diagnostics)
    {
        var related = new List<(string Text, string Uri)>();
        foreach (var paragraph in Paragraphs(page.Find("RELATED LINKS")?.Blocks ?? []))
        {
            foreach (var inline in paragraph.Inline ?? new ContainerInline())
            {
                if (inline is LinkInline { IsImage: false } link)
                {
                    var text = string.Concat(link.Descendants<LiteralInline>().Select(l => l.Content.ToString()));
                    related.Add((text, IsExternal(link.Url) ? link.Url! : ""));
                }
                else if (inline is not LineBreakInline && !(inline is LiteralInline literal && literal.Content.IsEmptyOrWhitespace()))
                {
                    diagnostics.Add(page.File, Position.Of(inline), Codes.Link, "RELATED LINKS holds links only; text beside them appears nowhere in the help.");
                }
            }
        }

        return related;
    }

    /// <summary>Markdig's Descendants sees the inlines of a container's paragraphs, but not those of a paragraph itself.</summary>
    private static IEnumerable<LinkInline> LinksOf(Block block) =>
        block is LeafBlock leaf ? leaf.Inline?.Descendants<LinkInline>() ?? [] : block.Descendants<LinkInline>();

    private static bool Exists(string folder, string target)
    {
        // Names are compared as they are written: a checkout on Windows would forgive what Linux does not.
        var path = Path.GetFullPath(Path.Combine(folder, target));
        return Directory.Exists(path)
            || (Path.GetDirectoryName(path) is { } parent && Directory.Exists(parent) && Directory.EnumerateFiles(parent).Any(f => Path.GetFileName(f) == Path.GetFileName(path)));
    }

    private static IEnumerable<ParagraphBlock> Paragraphs(IEnumerable<Block> blocks) =>
        blocks.SelectMany(b => b is ParagraphBlock paragraph ? [paragraph] : b.Descendants<ParagraphBlock>());
}
