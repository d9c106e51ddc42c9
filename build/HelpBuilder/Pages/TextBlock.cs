namespace HomelabOps.HelpBuilder.Pages;

/// <summary>A paragraph, a list, a block of code or a table, freed of its Markdown.</summary>
internal sealed record TextBlock(IReadOnlyList<TextLine> Lines, bool Verbatim = false, int Heading = 0)
{
    /// <summary>The whole block as lines that still may be wrapped by whoever shows them.</summary>
    public override string ToString() => string.Join('\n', Lines.Select(l => (l.Text.Length == 0 ? "" : new string(' ', l.Indent)) + l.Bullet + l.Text));
}

/// <summary>One line before wrapping. The bullet (of a list) hangs: continuation lines are indented by its length too.</summary>
internal sealed record TextLine(int Indent, string Bullet, string Text);
