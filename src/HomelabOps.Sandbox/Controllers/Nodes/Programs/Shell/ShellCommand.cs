namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>A part of a script that can be run.</summary>
internal abstract record ShellCommand
{
    public IReadOnlyList<Redirection> Redirections { get; init; } = [];
}

/// <summary>A program with its arguments, or assignments alone.</summary>
internal sealed record SimpleCommand(IReadOnlyList<(string Name, ShellWord Value)> Assignments, IReadOnlyList<ShellWord> Words) : ShellCommand;

/// <summary>Commands of which each reads what the one before writes.</summary>
internal sealed record Pipeline(IReadOnlyList<ShellCommand> Commands, bool IsNegated) : ShellCommand;

/// <summary>Two commands with <c>&amp;&amp;</c> or <c>||</c> between them.</summary>
internal sealed record Conditional(ShellCommand Left, bool IfSucceeded, ShellCommand Right) : ShellCommand;

/// <summary>One after the other; also within braces.</summary>
internal sealed record Sequence(IReadOnlyList<ShellCommand> Commands) : ShellCommand;

/// <summary>Commands whose variables and folder stay their own.</summary>
internal sealed record Subshell(ShellCommand Body) : ShellCommand;

/// <summary>A command that runs beside what follows it.</summary>
internal sealed record Background(ShellCommand Command) : ShellCommand;

/// <summary>if, elif, else.</summary>
internal sealed record Choice(IReadOnlyList<(ShellCommand Condition, ShellCommand Body)> Branches, ShellCommand? Otherwise) : ShellCommand;

/// <summary>while and until.</summary>
internal sealed record Loop(ShellCommand Condition, ShellCommand Body, bool Until) : ShellCommand;

/// <summary>for; without words over the arguments.</summary>
internal sealed record Each(string Variable, IReadOnlyList<ShellWord>? Words, ShellCommand Body) : ShellCommand;

/// <summary>case.</summary>
internal sealed record Selection(ShellWord Word, IReadOnlyList<(IReadOnlyList<ShellWord> Patterns, ShellCommand Body)> Items) : ShellCommand;

/// <summary>A function.</summary>
internal sealed record Definition(string Name, ShellCommand Body) : ShellCommand;

/// <summary>Where a stream goes or comes from; without a target it is a copy of another stream, or closed where none is copied.</summary>
internal sealed record Redirection(int Stream, char Direction, bool Append, ShellWord? Target, int? Copied)
{
    /// <summary>The target is the text itself, and no file's name.</summary>
    public bool IsHere { get; init; }
}

/// <summary>A word before its expansion.</summary>
internal sealed record ShellWord(IReadOnlyList<WordPart> Parts);

/// <summary>A piece of a word.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, name, script or expression.</param>
/// <param name="IsQuoted">It stays one word whatever is in it.</param>
/// <param name="Operator">For variables: <c>:-</c>, <c>%</c>, <c>##</c> and their like.</param>
/// <param name="Operand">What follows the operator.</param>
internal sealed record WordPart(PartKind Kind, string Text, bool IsQuoted, string Operator = "", ShellWord? Operand = null);

/// <summary>Pieces of words.</summary>
internal enum PartKind
{
    /// <summary>As it stands.</summary>
    Text,

    /// <summary>The value of a variable.</summary>
    Variable,

    /// <summary>What a script writes.</summary>
    Command,

    /// <summary>The value of an expression.</summary>
    Arithmetic,
}
