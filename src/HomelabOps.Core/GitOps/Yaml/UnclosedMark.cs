using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>
/// Finds the bracket, brace or quote of a broken file that nothing closes. A parser notices it only where the text makes no sense any
/// more, which may be at the end of the file, or does not say where at all.
/// </summary>
internal sealed partial class UnclosedMark
{
    private readonly string _text;
    private readonly Stack<Opener> _open = [];

    // What was open when a line began that is indented too little to go on with it.
    private Opener? _suspect;
    private Opener? _found;

    // Where the block ends, by indentation, whose lines are text whatever they look like: |, > and plain scalars of several lines.
    private int? _textBelow;

    private UnclosedMark(string text) => _text = text;

    /// <summary>The first mark that is not closed within its document, with line and column counted from 1; null when there is none.</summary>
    public static (char Mark, long Line, long Column)? Find(string text)
    {
        var found = new UnclosedMark(text).Scan();
        return found is null ? null : (found.Mark, found.Line, found.Column);
    }

    private Opener? Scan()
    {
        var number = 0;
        foreach (var range in _text.AsSpan().Split('\n'))
        {
            number++;
            var line = _text.AsSpan(range).TrimEnd('\r');
            if (IsMarker(line))
            {
                if (Unclosed() is { } earlier)
                {
                    return earlier;
                }

                _textBelow = null;
                Block(line, number, Math.Min(4, line.Length), -1);
            }
            else
            {
                Line(line, number);
            }

            if (_found is not null)
            {
                return _found;
            }
        }

        return Unclosed();
    }

    private Opener? Unclosed() => _open.Count == 0 ? null : _suspect ?? _open.Peek();

    private static bool IsMarker(ReadOnlySpan<char> line) => (line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("...", StringComparison.Ordinal)) && (line.Length == 3 || line[3] is ' ' or '\t');

    private void Line(ReadOnlySpan<char> line, int number)
    {
        var start = line.IndexOfAnyExcept(' ');
        if (start < 0)
        {
            return;
        }

        if (_open.TryPeek(out var last))
        {
            var isEnd = last.IsQuote ? line[start] == last.Mark : line[start] is ']' or '}';
            _suspect ??= start <= _open.Last().Indentation && !isEnd && line[start] != '#' ? last : null;
            Inside(line, number, start, isFirst: true);
        }
        else if (_textBelow is not { } limit || start <= limit)
        {
            _textBelow = null;
            Block(line, number, start, -1);
        }
    }

    // Outside of brackets, at a place where a node may begin.
    private void Block(ReadOnlySpan<char> line, int number, int at, int indentation)
    {
        while (true)
        {
            at = Skip(line, at);
            var rest = line[at..];
            if (rest.IsEmpty || rest[0] == '#')
            {
                return;
            }

            if (rest[0] is '-' or '?' or ':' && (rest.Length == 1 || rest[1] is ' ' or '\t'))
            {
                (indentation, at) = (at, at + 1);
            }
            else if (rest[0] is '&' or '*' or '!')
            {
                at += rest.IndexOfAny(' ', '\t') is > 0 and var end ? end : rest.Length;
            }
            else if (rest[0] is '[' or '{' or '"' or '\'')
            {
                _open.Push(new(rest[0], number, at + 1, indentation));
                Inside(line, number, at + 1, isFirst: false);
                return;
            }
            else if (BlockHeader().IsMatch(rest))
            {
                _textBelow = indentation;
                return;
            }
            else if (Key().Match(rest.ToString()) is { Success: true } key)
            {
                (indentation, at) = (at, at + key.Length);
            }
            else
            {
                _textBelow = indentation;
                return;
            }
        }
    }

    // Within brackets or quotes.
    private void Inside(ReadOnlySpan<char> line, int number, int at, bool isFirst)
    {
        var isStart = true;
        while (at < line.Length && _open.TryPeek(out var last))
        {
            var current = line[at];
            if (last.IsQuote)
            {
                at = Quoted(line, at, last, isFirst);
            }
            else if (current == '#' && (at == 0 || line[at - 1] is ' ' or '\t'))
            {
                return;
            }
            else if (current is '[' or '{' || (isStart && current is '"' or '\''))
            {
                _open.Push(new(current, number, at + 1, _open.Last().Indentation));
                at++;
            }
            else if (current is ']' or '}')
            {
                _found = last.Mark == (current == ']' ? '[' : '{') ? null : _suspect ?? last;
                _open.Pop();
                at++;
            }
            else
            {
                at += isStart && current is '!' or '&' ? Math.Max(1, line[at..].IndexOfAny(' ', '\t')) : 1;
            }

            isStart = current is '[' or '{' or ',' or ':' or '!' or '&' || (isStart && current is ' ' or '\t');
            if (_found is not null)
            {
                return;
            }
        }

        if (_open.Count == 0)
        {
            _suspect = null;
            After(line, number, at);
        }
    }

    private int Quoted(ReadOnlySpan<char> line, int at, Opener quote, bool isFirst)
    {
        if (quote.Mark == '"' && line[at] == '\\')
        {
            return at + 2;
        }

        if (line[at] != quote.Mark)
        {
            return at + 1;
        }

        if (quote.Mark == '\'' && at + 1 < line.Length && line[at + 1] == '\'')
        {
            return at + 2;
        }

        // What ends here too far to the left, with something behind it, was meant to begin.
        var next = Skip(line, at + 1);
        _found = isFirst && _suspect == quote && next < line.Length && !(line[next] is ',' or ']' or '}' or ':' or '#') ? quote : null;
        _open.Pop();
        return at + 1;
    }

    // A quoted text, or what stood in brackets, may be a key.
    private void After(ReadOnlySpan<char> line, int number, int at)
    {
        var next = Skip(line, at);
        if (next < line.Length && line[next] == ':')
        {
            Block(line, number, next + 1, line.IndexOfAnyExcept(" -"));
        }
    }

    private static int Skip(ReadOnlySpan<char> line, int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t')
        {
            at++;
        }

        return Math.Min(at, line.Length);
    }

    [GeneratedRegex(@"^[|>][-+0-9]{0,2}[ \t]*(#.*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlockHeader();

    // A plain key; what follows " #" is a comment.
    [GeneratedRegex(@"^(?:[^#:]|:(?=[^ \t])|(?<![ \t])#)+:(?=[ \t]|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Key();

    /// <summary>What was opened.</summary>
    /// <param name="Mark">Bracket, brace or quote.</param>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Column">Its column, from 1.</param>
    /// <param name="Indentation">The column, from 0, of the key or dash that it belongs to; -1 at the root of a document.</param>
    private sealed record Opener(char Mark, int Line, int Column, int Indentation)
    {
        public bool IsQuote => Mark is '"' or '\'';
    }
}
