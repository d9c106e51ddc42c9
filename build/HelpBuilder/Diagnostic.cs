namespace HomelabOps.HelpBuilder;

/// <summary>One broken rule, in the form that MSBuild recognises in a tool's output.</summary>
internal sealed record Diagnostic(string File, int Line, int Column, string Code, string Text)
{
    public override string ToString() => $"{File}({Line},{Column}): error {Code}: {Text}";
}

/// <summary>A place in a page, both counted from one.</summary>
internal sealed record Position(int Line, int Column)
{
    public static readonly Position Start = new(1, 1);

    public static Position Of(Markdig.Syntax.MarkdownObject item) => new(item.Line + 1, item.Column + 1);
}
