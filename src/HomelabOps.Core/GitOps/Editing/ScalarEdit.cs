using System.Buffers;
using YamlDotNet.Core;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Writes another value in the place of a scalar, as it was written if that is possible.</summary>
internal sealed class ScalarEdit(SourceText source, BlockWriter writer, SyntaxNode node, YamlValue value)
{
    private static readonly SearchValues<char> HeaderMarks = SearchValues.Create("+-123456789");

    /// <summary>The changes that may do it, the best one first.</summary>
    public IEnumerable<IReadOnlyList<TextChange>> Forms()
    {
        if (node.Style is not (ScalarStyle.Literal or ScalarStyle.Folded))
        {
            return OneLine(node.Style).Select(text => (IReadOnlyList<TextChange>)[Place(text)]);
        }

        var headerEnd = source.LineEnd(node.Start);
        var header = source.Text[node.Start..headerEnd];
        var tail = header[(1 + header.AsSpan(1).IndexOfAnyExcept(HeaderMarks) is var length and > 0 ? length : header.Length)..];
        var blocks = value.Kind == Yaml.ScalarKind.Text ? new[] { node.Style == ScalarStyle.Folded, false }.Select(isFolded => Block(isFolded, tail)).OfType<string>() : [];
        return blocks.Concat(OneLine(ScalarStyle.Any).Select(text => text + tail)).Select(text => (IReadOnlyList<TextChange>)[new(node.Start, node.End, text)]);
    }

    private IEnumerable<string> OneLine(ScalarStyle style) => ScalarWriter.OneLine(value, style is ScalarStyle.Plain or ScalarStyle.Any ? writer.Style : style, node.IsFlow, writer.Quotes);

    private string? Block(bool isFolded, string tail)
    {
        var parent = IndentOf(source.LineStart(node.Start));
        var content = source.NextLine(node.Start);
        while (content < node.End && BlockLayout.IsBlank(source.Text, content, source.LineEnd(content)))
        {
            content = source.NextLine(content);
        }

        var indent = content < node.End ? SpacesOf(content) : parent + 2;
        return ScalarWriter.Block(value.Scalar!, isFolded, indent, indent - parent, tail, source.NewLine);
    }

    // A dash in a text is a character like all others.
    private int SpacesOf(int line) => source.Text.AsSpan(line).IndexOfAnyExcept(' ') is >= 0 and var spaces ? spaces : source.Text.Length - line;

    // The dash of an item counts as depth for what stands behind it.
    private int IndentOf(int line)
    {
        var at = line;
        while (at < source.Text.Length && (source.Text[at] == ' ' || (source.Text[at] == '-' && at + 1 < source.Text.Length && source.Text[at + 1] == ' ')))
        {
            at++;
        }

        return at - line;
    }

    // Where nothing was written, the value needs its distance from what is around it.
    private TextChange Place(string text)
    {
        if (!node.IsMissing)
        {
            return new(node.Start, node.End, text);
        }

        var before = node.Start > 0 && !char.IsWhiteSpace(source.Text[node.Start - 1]) ? " " : "";
        var after = node.Start < source.Text.Length && !char.IsWhiteSpace(source.Text[node.Start]) && source.Text[node.Start] is not (',' or '}' or ']') ? " " : "";
        return new(node.Start, node.Start, before + text + after);
    }
}
