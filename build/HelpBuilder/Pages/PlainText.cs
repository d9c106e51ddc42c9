using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>Turns Markdown into plain text. What plain text cannot show is an error, not a gap.</summary>
internal sealed class PlainText(string file, Diagnostics diagnostics)
{
    public const int CodeIndent = 4;

    public IReadOnlyList<TextBlock> Read(IEnumerable<Block> blocks) => [.. blocks.SelectMany(Read)];

    private IEnumerable<TextBlock> Read(Block block)
    {
        switch (block)
        {
            case ParagraphBlock paragraph:
                return [new TextBlock([.. Lines(paragraph.Inline).Select(l => new TextLine(0, "", l))])];
            case HeadingBlock heading:
                return [new TextBlock([new TextLine(0, "", string.Join(' ', Lines(heading.Inline)))], Heading: heading.Level)];
            case CodeBlock code:
                return [new TextBlock([.. Code(code).Split('\n').Select(l => new TextLine(CodeIndent, "", l))], Verbatim: true)];
            case ListBlock list:
                return [new TextBlock([.. Items(list, 0)])];
            case Table table:
                return [new TextBlock([.. TableText.Lines(Cells(table)).Select(l => new TextLine(0, "", l))], Verbatim: true)];
            case QuoteBlock quote:
                return Read((IEnumerable<Block>)quote);
            case HtmlBlock { Type: HtmlBlockType.Comment } or LinkReferenceDefinitionGroup:
                return [];
            case ThematicBreakBlock:
                return Unsupported(block, "A horizontal line cannot be shown in help.");
            default:
                return Unsupported(block, "HTML is lost in help. Put placeholders such as <name> in `backticks`.");
        }
    }

    /// <summary>The lines of a code block, with \n between them.</summary>
    public static string Code(LeafBlock code) =>
        string.Join('\n', (code.Lines.Lines ?? []).Take(code.Lines.Count).Select(l => l.Slice.ToString().TrimEnd()));

    private List<TextBlock> Unsupported(MarkdownObject item, string text)
    {
        diagnostics.Add(file, Position.Of(item), Codes.Unsupported, text);
        return [];
    }

    private IEnumerable<TextLine> Items(ListBlock list, int indent)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var bullet = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            var first = true;
            foreach (var child in item)
            {
                var lines = child is ListBlock inner ? Items(inner, indent + 2) : Read(child).SelectMany(b => b.Lines).Select(l => l with { Indent = l.Indent + indent });
                foreach (var line in lines)
                {
                    var own = first && child is not ListBlock;
                    yield return own ? line with { Bullet = bullet + line.Bullet } : child is ListBlock ? line : line with { Indent = line.Indent + bullet.Length };
                    first = false;
                }
            }
        }
    }

    private List<IReadOnlyList<string>> Cells(Table table) =>
        [.. table.OfType<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.OfType<TableCell>().Select(cell => string.Join(' ', Read((IEnumerable<Block>)cell).SelectMany(b => b.Lines).Select(l => l.Text)))])];

    /// <summary>A soft break is a space, a hard break a new line.</summary>
    private string[] Lines(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        if (inlines is not null)
        {
            Write(inlines, text);
        }

        return [.. text.ToString().Split('\n').Select(l => l.Trim())];
    }

    private void Write(ContainerInline inlines, StringBuilder text)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.ToString());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.ToString());
                    break;
                case LineBreakInline line:
                    text.Append(line.IsHard ? '\n' : ' ');
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case LinkInline { IsImage: true }:
                    Unsupported(inline, "An image cannot be shown in help.");
                    break;
                case LinkInline link:
                    WriteLink(link, text);
                    break;
                case ContainerInline container:
                    Write(container, text);
                    break;
                case HtmlInline html when html.Tag.StartsWith("<!--", StringComparison.Ordinal):
                    break;
                default:
                    Unsupported(inline, "HTML is lost in help. Put placeholders such as <name> in `backticks`.");
                    break;
            }
        }
    }

    private void WriteLink(LinkInline link, StringBuilder text)
    {
        var start = text.Length;
        Write(link, text);
        // A page of ours is found by its name; of anything else the address must be readable.
        if (Links.IsExternal(link.Url) && text.ToString(start, text.Length - start) != link.Url)
        {
            text.Append(" (").Append(link.Url).Append(')');
        }
    }
}
