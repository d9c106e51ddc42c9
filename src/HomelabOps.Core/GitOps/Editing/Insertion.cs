namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Where the text of new keys and items goes.</summary>
internal static class Insertion
{
    /// <summary>A new key of a mapping that has others.</summary>
    public static IReadOnlyList<TextChange> OfEntry(SourceText source, BlockWriter writer, SyntaxNode mapping, int index, string key, YamlValue value)
    {
        var entries = mapping.Entries!;
        var indent = (int)entries[0].Key.Column - 1;
        if (mapping.IsFlow)
        {
            return InFlow(source, writer, mapping, index, entries.Select(entry => (entry.Key.Start, BlockLayout.EndOf(entry))).ToArray(), writer.FlowEntry(key, value));
        }

        var text = writer.Entry(key, value, indent);
        return [index == 0 ? Before(entries[0].Key.Start, text + writer.Line(indent)) : Behind(source, BlockLayout.EndOf(entries[index - 1]), index == entries.Count && indent > 0, indent, writer.Line(indent) + text)];
    }

    /// <summary>A new item of a list that has others.</summary>
    /// <param name="source">The text.</param>
    /// <param name="writer">Its form.</param>
    /// <param name="sequence">The list.</param>
    /// <param name="holder">The key that it is the value of; null where it is an item or a document.</param>
    /// <param name="index">The index that it gets.</param>
    /// <param name="value">The item.</param>
    public static IReadOnlyList<TextChange>? OfItem(SourceText source, BlockWriter writer, SyntaxNode sequence, SyntaxEntry? holder, int index, YamlValue value)
    {
        var items = sequence.Items!;
        if (sequence.IsFlow)
        {
            return InFlow(source, writer, sequence, index, items.Select(item => (item.Start, item.End)).ToArray(), writer.Flow(value, isInside: true));
        }

        if (BlockLayout.Dashes(source.Text, sequence) is not { } dashes)
        {
            return null;
        }

        var indent = (int)sequence.Column - 1;
        var text = writer.Item(value, indent);
        return [index == 0 ? Before(dashes[0], text + writer.Line(indent)) : Behind(source, Math.Max(items[index - 1].End, dashes[index - 1] + 1), index == items.Count && indent > (holder?.Key.Column ?? 1) - 1, indent, writer.Line(indent) + text)];
    }

    /// <summary>The content of a mapping or list that is empty, or of a key without a value.</summary>
    /// <param name="source">The text.</param>
    /// <param name="writer">Its form.</param>
    /// <param name="place">What is empty.</param>
    /// <param name="holder">The key that it is the value of; null where it is an item or a document.</param>
    /// <param name="value">What it is to hold.</param>
    public static IReadOnlyList<TextChange> IntoEmpty(SourceText source, BlockWriter writer, SyntaxNode place, (SyntaxEntry? Entry, bool IsFlow) holder, YamlValue value)
    {
        if (holder is not ({ } entry, false) || place.Anchor is not null || place.Tag is not null)
        {
            return [new(place.Start, place.End, (place.IsMissing ? " " : "") + writer.Flow(value, holder.IsFlow))];
        }

        // What stood there goes with the blanks before it; a comment behind it stays on its line.
        var start = place.Start;
        while (!place.IsMissing && start > 0 && source.Text[start - 1] is ' ' or '\t')
        {
            start--;
        }

        var below = writer.Below(value, (int)entry.Key.Column - 1);
        var end = source.LineEnd(place.End);
        return BlockLayout.IsBlank(source.Text, place.End, end) ? [new(start, end, below)] : [new(start, place.End, ""), new(end, end, below)];
    }

    private static TextChange Before(int offset, string text) => new(offset, offset, text);

    // Behind the comments of what comes before: the one on its line, and those that are deeper than it. Behind the last child also
    // those of its own column, which stand within the collection where that is deeper than its key.
    private static TextChange Behind(SourceText source, int end, bool isLast, int indent, string text) => Before(BlockLayout.LastLineEnd(source, end, isLast ? indent + 1 : indent + 2), text);

    private static IReadOnlyList<TextChange> InFlow(SourceText source, BlockWriter writer, SyntaxNode place, int index, (int Start, int End)[] present, string text)
    {
        var isSpread = source.LineStart(present[0].Start) != source.LineStart(present.Length > 1 ? present[1].Start : place.Start);
        var space = isSpread ? writer.Line(Indent(present[0])) : " ";
        if (index == 0)
        {
            return [Before(present[0].Start, text + "," + space)];
        }

        var end = present[index - 1].End;
        var isLast = index == present.Length;
        var gap = FlowGap.Read(source, end, isLast ? place.End - 1 : present[index].Start);
        if (gap.Comments.Count == 0)
        {
            return [Before(end, "," + space + text)];
        }

        // A line of its own, so that comments stay with what they stand beside or above.
        var line = writer.Line(Indent(present.Where(child => BlockLayout.IsBlank(source.Text, source.LineStart(child.Start), child.Start)).DefaultIfEmpty(present[0]).First()));
        if (isLast)
        {
            var behind = Before(gap.Comments[^1].End, line + text + (gap.Comma < 0 ? "" : ","));
            return gap.Comma < 0 ? [Before(end, ","), behind] : [behind];
        }

        return [gap.Comma < source.LineEnd(end) ? Before(source.LineEnd(end), line + text + ",") : Before(gap.Comma + 1, " " + text + ",")];

        int Indent((int Start, int End) child) => child.Start - source.LineStart(child.Start);
    }
}
