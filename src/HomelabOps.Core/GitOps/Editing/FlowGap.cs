namespace HomelabOps.Core.GitOps.Editing;

/// <summary>What stands between a child of a flow collection and the next one, or the closing sign: a comma and comments.</summary>
/// <param name="Comma">The comma; -1 where there is none.</param>
/// <param name="Comments">Where comments begin and where their lines end.</param>
internal sealed record FlowGap(int Comma, IReadOnlyList<(int Start, int End)> Comments)
{
    /// <summary>Reads it.</summary>
    /// <param name="source">The text.</param>
    /// <param name="from">After the child.</param>
    /// <param name="to">The next child or the closing sign.</param>
    public static FlowGap Read(SourceText source, int from, int to)
    {
        var comma = -1;
        var comments = new List<(int Start, int End)>();
        for (var at = from; at < to; at++)
        {
            if (source.Text[at] == '#')
            {
                comments.Add((at, source.LineEnd(at)));
                at = comments[^1].End;
            }
            else if (source.Text[at] == ',' && comma < 0)
            {
                comma = at;
            }
            else if (!char.IsWhiteSpace(source.Text[at]))
            {
                // The anchor or tag of the next child.
                break;
            }
        }

        return new(comma, comments);
    }
}
