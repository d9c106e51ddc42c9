using System.Text;
using HomelabOps.Core.GitOps.Yaml;
using YamlDotNet.Core;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Writes new keys and items with the indentation that a file has.</summary>
/// <param name="newLine">How lines end.</param>
/// <param name="step">Spaces that a mapping is deeper than its parent.</param>
/// <param name="listStep">Spaces that the dash of an item is deeper than the key of its list.</param>
/// <param name="quotes">What the file puts around text that needs quotes.</param>
/// <param name="style">What it puts around all other text.</param>
internal sealed class BlockWriter(string newLine, int step, int listStep, ScalarStyle quotes, ScalarStyle style)
{
    /// <summary>What the file puts around text that needs no quotes.</summary>
    public ScalarStyle Style => style;

    /// <summary>What the file puts around text that needs quotes.</summary>
    public ScalarStyle Quotes => quotes;

    /// <summary>The indentation and the quotes of a file, as most of it has them.</summary>
    /// <param name="newLine">How lines end.</param>
    /// <param name="documents">Its documents.</param>
    /// <param name="isJson">The file is JSON, where all text is between double quotes.</param>
    public static BlockWriter Of(string newLine, IEnumerable<SyntaxNode> documents, bool isJson = false)
    {
        var steps = new List<int>();
        var listSteps = new List<int>();
        var singles = 0;
        var doubles = 0;
        foreach (var document in documents)
        {
            Look(document);
        }

        return new(newLine, Usual(steps, 2), Usual(listSteps, 2), singles > doubles && !isJson ? ScalarStyle.SingleQuoted : ScalarStyle.DoubleQuoted, isJson ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain);

        void Look(SyntaxNode node)
        {
            singles += node.Style == ScalarStyle.SingleQuoted ? 1 : 0;
            doubles += node.Style == ScalarStyle.DoubleQuoted ? 1 : 0;
            foreach (var child in node.Children)
            {
                Look(child);
            }

            foreach (var (key, value) in node.IsFlow ? [] : node.Entries ?? [])
            {
                if (!value.IsFlow && value.Line > key.Line)
                {
                    (value.Entries is not null ? steps : value.Items is not null ? listSteps : []).Add((int)(value.Column - key.Column));
                }
            }
        }
    }

    /// <summary>A key with its value. The first line is not indented, the following ones are.</summary>
    public string Entry(string key, YamlValue value, int indent)
    {
        var name = ScalarWriter.OneLine(YamlValue.Text(key), style, isFlow: false, quotes).First() + ":";
        return value switch
        {
            { Entries: { Count: > 0 } entries } => name + Line(indent + step) + Mapping(entries, indent + step),
            { Items: { Count: > 0 } items } => name + Line(indent + listStep) + Sequence(items, indent + listStep),
            { Scalar: { } text, Kind: ScalarKind.Text } when Long(text, indent + step) is { } block => $"{name} {block}",
            _ => $"{name} {Flow(value)}",
        };
    }

    /// <summary>An item with its dash. The first line is not indented, the following ones are.</summary>
    public string Item(YamlValue value, int indent) => value switch
    {
        { Entries: { Count: > 0 } entries } => "- " + Mapping(entries, indent + 2),
        { Items: { Count: > 0 } items } => "- " + Sequence(items, indent + 2),
        { Scalar: { } text, Kind: ScalarKind.Text } when Long(text, indent + 2) is { } block => $"- {block}",
        _ => $"- {Flow(value)}",
    };

    /// <summary>A value between brackets or braces, or a scalar on one line.</summary>
    public string Flow(YamlValue value, bool isInside = false) => value switch
    {
        { Entries: { } entries } => entries.Count == 0 ? "{}" : $"{{{string.Join(", ", entries.Select(entry => FlowEntry(entry.Key, entry.Value)))}}}",
        { Items: { } items } => $"[{string.Join(", ", items.Select(item => Flow(item, isInside: true)))}]",
        _ => ScalarWriter.OneLine(value, style, isInside, quotes).First(),
    };

    /// <summary>A key with its value between braces.</summary>
    public string FlowEntry(string key, YamlValue value) => $"{ScalarWriter.OneLine(YamlValue.Text(key), style, isFlow: true, quotes).First()}: {Flow(value, isInside: true)}";

    /// <summary>The content of a collection below a key, from its line break on.</summary>
    public string Below(YamlValue value, int indent) => value.Entries is { } entries
        ? Line(indent + step) + Mapping(entries, indent + step)
        : Line(indent + listStep) + Sequence(value.Items!, indent + listStep);

    /// <summary>A line break and the indentation of the next line.</summary>
    public string Line(int indent) => newLine + new string(' ', indent);

    private string Mapping(IReadOnlyList<KeyValuePair<string, YamlValue>> entries, int indent) =>
        string.Join(Line(indent), entries.Select(entry => Entry(entry.Key, entry.Value, indent)));

    private string Sequence(IReadOnlyList<YamlValue> items, int indent) =>
        string.Join(Line(indent), items.Select(item => Item(item, indent)));

    private string? Long(string text, int indent) => text.AsSpan().TrimEnd('\n').Contains('\n') ? ScalarWriter.Block(text, isFolded: false, indent, 2, "", newLine) : null;

    private static int Usual(List<int> values, int other)
    {
        var usable = values.Where(value => value is >= 0 and <= 8).ToArray();
        return usable.Length == 0 ? other : usable.GroupBy(value => value).MaxBy(group => group.Count())!.Key;
    }
}
