namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Which text goes with a key or an item.</summary>
internal static class Removal
{
    /// <summary>The changes that may take a child away, the best one first.</summary>
    /// <param name="source">The text.</param>
    /// <param name="place">The collection.</param>
    /// <param name="holder">The key that it is the value of; null where it is an item or a document.</param>
    /// <param name="index">The child.</param>
    public static IEnumerable<IReadOnlyList<TextChange>?> Of(SourceText source, SyntaxNode place, (SyntaxEntry? Entry, bool IsFlow) holder, int index)
    {
        var spans = Spans(source, place);
        if (spans is null)
        {
            yield break;
        }

        var (start, end) = spans[index];
        if (place.IsFlow)
        {
            yield return OfFlow(source, place, spans, index);
            yield break;
        }

        // Comments that are deeper stand within a mapping or list; below a scalar nobody knows.
        var value = place.Items?[index] ?? place.Entries![index].Value;
        var column = place.Items is not null ? place.Column : place.Entries![index].Key.Column;
        var lineEnd = value.Text is null && value.Target is null && !value.IsFlow ? BlockLayout.LastLineEnd(source, end, (int)column + 1) : source.LineEnd(end);
        if (spans.Length == 1)
        {
            var empty = place.Entries is not null ? "{}" : "[]";
            if (holder.Entry is { } entry && place.Start > entry.Key.End)
            {
                // Behind the key, before a comment on its line; what is between them are comments and stays.
                var colon = source.Text.IndexOf(':', entry.Key.End) + 1;
                var line = source.LineStart(start);
                yield return [new(colon, colon, " " + empty), BlockLayout.IsBlank(source.Text, line, start) && line > colon ? Lines(source, line, lineEnd) : new(start, lineEnd, "")];
            }

            yield return [new(start, lineEnd, empty)];
            yield break;
        }

        if (BlockLayout.IsBlank(source.Text, source.LineStart(start), start))
        {
            yield return [Lines(source, source.LineStart(start), lineEnd)];
            yield break;
        }

        // It shares its line with a dash: the next one takes its place, or stays on its own line when a comment is between them.
        if (index < spans.Length - 1 && BlockLayout.IsBlank(source.Text, lineEnd, spans[index + 1].Start))
        {
            yield return [new(start, spans[index + 1].Start, "")];
        }

        yield return [new(start, lineEnd, "")];
    }

    // The comment on its line is that of a child which has the line for itself. All others stay.
    private static IReadOnlyList<TextChange> OfFlow(SourceText source, SyntaxNode place, (int Start, int End)[] spans, int index)
    {
        var (start, end) = spans[index];
        var isLast = index == spans.Length - 1;
        var next = isLast ? place.End - 1 : spans[index + 1].Start;
        var before = index == 0 ? null : FlowGap.Read(source, spans[index - 1].End, start);
        var after = FlowGap.Read(source, end, next);
        var isAlone = before is null || source.LineStart(start) > spans[index - 1].End;
        var rest = Math.Max(end, after.Comma + 1);
        if (after.Comments.Count == 0 && (!isLast || before is null || before.Comments.Count == 0))
        {
            return before is null && isLast ? [new(start, rest, "")] : isLast ? [new(spans[index - 1].End, end, "")] : [new(start, next, "")];
        }

        if (isAlone && after.Comments.Count > 0 && after.Comments[0].Start < source.LineEnd(end))
        {
            rest = Math.Max(rest, after.Comments[0].End);
        }

        var line = source.LineStart(start);
        TextChange gone = BlockLayout.IsBlank(source.Text, line, start) && BlockLayout.IsBlank(source.Text, rest, source.LineEnd(rest)) ? new(line, source.NextLine(rest), "")
            : !isLast && after.Comments.All(comment => comment.Start < rest) ? new(start, next, "")
            : new(isAlone ? start : before!.Comma + 1, rest, "");

        // A comma behind the last child stays only where there was one.
        return isLast && before is { Comma: >= 0 } && after.Comma < 0 ? [new(before.Comma, before.Comma + 1, ""), gone] : [gone];
    }

    private static (int Start, int End)[]? Spans(SourceText source, SyntaxNode place)
    {
        if (place.Entries is not null)
        {
            return [.. place.Entries.Select(entry => (entry.Key.Start, BlockLayout.EndOf(entry)))];
        }

        if (place.IsFlow)
        {
            return [.. place.Items!.Select(item => (item.Start, item.End))];
        }

        return BlockLayout.Dashes(source.Text, place) is { } dashes ? [.. place.Items!.Select((item, index) => (dashes[index], Math.Max(item.End, dashes[index] + 1)))] : null;
    }

    // Whole lines; at the end of a file without a final line break the break before them goes instead.
    private static TextChange Lines(SourceText source, int start, int end)
    {
        var next = source.NextLine(end);
        return next > end || start == 0 ? new(start, next, "") : new(start - (start > 1 && source.Text[start - 2] == '\r' ? 2 : 1), end, "");
    }
}
