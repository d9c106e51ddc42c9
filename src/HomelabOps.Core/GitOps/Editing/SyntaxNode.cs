using YamlDotNet.Core;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>A node of YAML as it is written, with the place of its text. Aliases and merge keys are what they are.</summary>
internal sealed class SyntaxNode
{
    /// <summary>The first character of the content, after anchor and tag.</summary>
    public required int Start { get; init; }

    /// <summary>After the last character of the content; of a scalar in a block without its last line break.</summary>
    public required int End { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public required long Line { get; init; }

    /// <summary>The column, counted from 1.</summary>
    public required long Column { get; init; }

    /// <summary>The text of a scalar; null for all else.</summary>
    public string? Text { get; init; }

    /// <summary>How a scalar is written.</summary>
    public ScalarStyle Style { get; init; }

    /// <summary>Between brackets or braces, or such a collection itself.</summary>
    public bool IsFlow { get; init; }

    /// <summary>The tag that is written, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>The anchor's name, or null.</summary>
    public string? Anchor { get; init; }

    /// <summary>The node that an alias stands for.</summary>
    public SyntaxNode? Target { get; init; }

    /// <summary>The items of a sequence.</summary>
    public IReadOnlyList<SyntaxNode>? Items { get; init; }

    /// <summary>The entries of a mapping, in their order.</summary>
    public IReadOnlyList<SyntaxEntry>? Entries { get; init; }

    /// <summary>Nothing is written: the value of a key that has none.</summary>
    public bool IsMissing => Text is { Length: 0 } && Style == ScalarStyle.Plain;

    /// <summary>The children of a collection.</summary>
    public IEnumerable<SyntaxNode> Children => Items ?? Entries?.Select(entry => entry.Value) ?? [];

    /// <summary>The same scalar that is not written, at its right place.</summary>
    public SyntaxNode At(int offset) => new() { Start = offset, End = offset, Line = Line, Column = Column, Text = Text, Style = Style, IsFlow = IsFlow, Tag = Tag, Anchor = Anchor };

    /// <summary>The entry of a key, as it is written here.</summary>
    public SyntaxEntry? Find(string key) => Entries?.LastOrDefault(entry => entry.Key.Text == key);
}
