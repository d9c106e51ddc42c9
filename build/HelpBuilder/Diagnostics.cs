namespace HomelabOps.HelpBuilder;

/// <summary>Gathers all that is wrong, so that one build shows it all.</summary>
internal sealed class Diagnostics
{
    private readonly List<Diagnostic> _all = [];

    public IReadOnlyList<Diagnostic> All => _all;

    public void Add(string file, Position at, string code, string text) => _all.Add(new Diagnostic(file, at.Line, at.Column, code, text));
}
