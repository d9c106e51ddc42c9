using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>Reads words, redirections and signs of a script.</summary>
/// <param name="script">The script.</param>
/// <param name="isOpen">More of it may come, so a here-document without its end is not done.</param>
internal sealed class ShellReader(string script, bool isOpen = false)
{
    private const string Ends = " \t\n;&|()<>";
    private readonly Queue<HereDocument> _documents = new();
    private int _at;

    public bool IsAtEnd => _at >= script.Length;

    /// <summary>What comes next, for messages.</summary>
    public string Next => IsAtEnd ? "end of file" : script[_at] == '\n' ? "newline" : $"\"{script[_at]}\"";

    public char Peek(int ahead = 0) => _at + ahead < script.Length ? script[_at + ahead] : '\0';

    public bool At(string text) => string.CompareOrdinal(script, _at, text, 0, text.Length) == 0;

    public bool AtWord(string word) => At(word) && (Peek(word.Length) == '\0' || Ends.Contains(Peek(word.Length), StringComparison.Ordinal));

    public void Skip(int count) => _at += count;

    public bool Take(char character)
    {
        if (Peek() != character || _at >= script.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    public bool TakeWord(string word)
    {
        if (!AtWord(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    public void SkipSpace()
    {
        while (Peek() is ' ' or '\t' || At("\\\n"))
        {
            _at += Peek() == '\\' ? 2 : 1;
        }

        if (Peek() == '#')
        {
            var end = script.IndexOf('\n', _at);
            _at = end < 0 ? script.Length : end;
        }
    }

    /// <summary>Goes to what is not empty; false at the end.</summary>
    public bool SkipLines()
    {
        SkipSpace();
        while (Peek() == '\n' || (Peek() == ';' && Peek(1) != ';'))
        {
            if (script[_at++] == '\n')
            {
                TakeDocuments();
            }

            SkipSpace();
        }

        if (_at >= script.Length)
        {
            TakeDocuments();
        }

        return _at < script.Length;
    }

    public string Name()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_')
        {
            _at++;
        }

        return script[start.._at];
    }

    /// <summary>A variable that is set, or null.</summary>
    public (string Name, ShellWord Value)? Assignment()
    {
        SkipSpace();
        var start = _at;
        if (!char.IsAsciiDigit(Peek()) && Name() is { Length: > 0 } name && Take('='))
        {
            return (name, Word(skip: false) ?? new ShellWord([]));
        }

        _at = start;
        return null;
    }

    public Redirection? Redirection()
    {
        SkipSpace();
        var start = _at;
        int? stream = char.IsAsciiDigit(Peek()) ? Peek() - '0' : null;
        _at += stream is null ? 0 : 1;
        if (Peek() is not ('<' or '>'))
        {
            _at = start;
            return null;
        }

        var direction = script[_at++];
        var append = direction == '>' && Take('>');
        stream ??= direction == '<' ? 0 : 1;
        if (direction == '<' && Take('<'))
        {
            return new(stream.Value, direction, false, Document(), 0) { IsHere = true };
        }

        if (Take('&'))
        {
            var copied = Peek();
            _at++;
            return copied == '-' || char.IsAsciiDigit(copied) ? new(stream.Value, direction, false, null, copied == '-' ? null : copied - '0') : throw new FormatException("syntax error: bad fd number");
        }

        return new(stream.Value, direction, append, Word() ?? throw Unexpected(), 0);
    }

    // Its text begins behind the line, and is filled in when that is over.
    private ShellWord Document()
    {
        var isIndented = Take('-');
        var word = Word() ?? throw Unexpected();
        var parts = new List<WordPart>();
        _documents.Enqueue(new(string.Concat(word.Parts.Select(part => part.Text)), word.Parts.Any(part => part.IsQuoted), isIndented, parts));
        return new(parts);
    }

    private void TakeDocuments()
    {
        while (_documents.TryDequeue(out var document))
        {
            var text = new StringBuilder();
            while (true)
            {
                if (_at >= script.Length)
                {
                    if (isOpen)
                    {
                        throw new UnfinishedScriptException("syntax error: unexpected end of file");
                    }

                    break;
                }

                var end = script.IndexOf('\n', _at) is >= 0 and var found ? found : script.Length;
                var line = document.IsIndented ? script[_at..end].TrimStart('\t') : script[_at..end];
                _at = Math.Min(end + 1, script.Length);
                if (line == document.End)
                {
                    break;
                }

                text.Append(line).Append('\n');
            }

            if (document.IsLiteral)
            {
                document.Parts.Add(new(PartKind.Text, text.ToString(), true));
            }
            else
            {
                new ShellReader(text.ToString()).Quoted(document.Parts, isDocument: true);
            }
        }
    }

    private FormatException Unexpected() => IsAtEnd ? new UnfinishedScriptException($"syntax error: unexpected {Next}") : new FormatException($"syntax error: unexpected {Next}");

    /// <summary>The next word, or null where none follows.</summary>
    public ShellWord? Word(bool skip = true)
    {
        if (skip)
        {
            SkipSpace();
        }

        var start = _at;
        var parts = new List<WordPart>();
        var text = new StringBuilder();
        while (_at < script.Length && !Ends.Contains(Peek(), StringComparison.Ordinal))
        {
            switch (script[_at++])
            {
                case '\\':
                    Flush(parts, text, quoted: false);
                    parts.Add(new(PartKind.Text, _at < script.Length ? script[_at++].ToString() : "\\", true));
                    break;
                case '\'':
                    Flush(parts, text, quoted: false);
                    var end = script.IndexOf('\'', _at);
                    parts.Add(new(PartKind.Text, script[_at..(end < 0 ? throw new UnfinishedScriptException("syntax error: unterminated quoted string") : end)], true));
                    _at = end + 1;
                    break;
                case '"':
                    Flush(parts, text, quoted: false);
                    Quoted(parts);
                    break;
                case '$':
                    Flush(parts, text, quoted: false);
                    parts.Add(Dollar(quoted: false));
                    break;
                case '`':
                    Flush(parts, text, quoted: false);
                    parts.Add(new(PartKind.Command, Until('`'), false));
                    break;
                case var character:
                    text.Append(character);
                    break;
            }
        }

        Flush(parts, text, quoted: false);
        return _at == start ? null : new(parts);
    }

    private static void Flush(List<WordPart> parts, StringBuilder text, bool quoted)
    {
        if (text.Length > 0)
        {
            parts.Add(new(PartKind.Text, text.ToString(), quoted));
            text.Clear();
        }
    }

    // A here-document is read as if it were quoted, but that quotes are nothing special in it and that it ends with the text.
    private void Quoted(List<WordPart> parts, bool isDocument = false)
    {
        var text = new StringBuilder();
        parts.Add(new(PartKind.Text, "", true));
        while (true)
        {
            if (_at >= script.Length && isDocument)
            {
                Flush(parts, text, quoted: true);
                return;
            }

            switch (_at < script.Length ? script[_at++] : throw new UnfinishedScriptException("syntax error: unterminated quoted string"))
            {
                case '"' when !isDocument:
                    Flush(parts, text, quoted: true);
                    return;
                case '\\' when Peek() is '\\' or '$' or '`' || (Peek() == '"' && !isDocument):
                    text.Append(script[_at++]);
                    break;
                case '\\' when Peek() == '\n':
                    _at++;
                    break;
                case '$':
                    Flush(parts, text, quoted: true);
                    parts.Add(Dollar(quoted: true));
                    break;
                case '`':
                    Flush(parts, text, quoted: true);
                    parts.Add(new(PartKind.Command, Until('`'), true));
                    break;
                case var character:
                    text.Append(character);
                    break;
            }
        }
    }

    private WordPart Dollar(bool quoted)
    {
        if (At("(("))
        {
            _at++;
            var inner = Balanced('(', ')');
            _at++;
            return new(PartKind.Arithmetic, inner, quoted);
        }

        switch (Peek())
        {
            case '(':
                return new(PartKind.Command, Balanced('(', ')'), quoted);
            case '{':
                return Braced(Balanced('{', '}'), quoted);
            case var special when special != '\0' && "?#@*$!0123456789".Contains(special, StringComparison.Ordinal):
                _at++;
                return new(PartKind.Variable, special.ToString(), quoted);
            default:
                return Name() is { Length: > 0 } name ? new(PartKind.Variable, name, quoted) : new(PartKind.Text, "$", true);
        }
    }

    private static WordPart Braced(string inner, bool quoted)
    {
        if (inner.Length > 1 && inner[0] == '#')
        {
            return new(PartKind.Variable, inner[1..], quoted, "#length");
        }

        var length = inner.Length > 0 && "?#@*".Contains(inner[0], StringComparison.Ordinal) ? 1 : inner.TakeWhile(character => char.IsAsciiLetterOrDigit(character) || character == '_').Count();
        var rest = inner[length..];
        var sign = Array.Find([":-", ":=", ":+", ":?", "##", "%%", "-", "=", "+", "#", "%"], candidate => rest.StartsWith(candidate, StringComparison.Ordinal)) ?? "";
        if (rest.Length > 0 && sign.Length == 0)
        {
            throw new FormatException("syntax error: bad substitution");
        }

        // The operand is a word in which spaces do not separate.
        var parts = new List<WordPart>();
        if (sign.Length > 0)
        {
            new ShellReader(rest[sign.Length..].Replace("\"", "", StringComparison.Ordinal) + "\"").Quoted(parts);
        }

        return new(PartKind.Variable, inner[..length], quoted, sign, new(parts));
    }

    private string Until(char end)
    {
        var close = script.IndexOf(end, _at);
        var inner = script[_at..(close < 0 ? throw new UnfinishedScriptException("syntax error: unterminated quoted string") : close)];
        _at = close + 1;
        return inner;
    }

    // From an opening sign to the one that closes it, over quotes and pairs in between.
    private string Balanced(char open, char close)
    {
        var start = _at + 1;
        var depth = 0;
        var quote = '\0';
        for (; _at < script.Length; _at++)
        {
            var character = script[_at];
            if (quote != '\0')
            {
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '\'' or '"')
            {
                quote = character;
            }
            else if (character == '\\')
            {
                _at++;
            }
            else if (character == open)
            {
                depth++;
            }
            else if (character == close && --depth == 0)
            {
                _at++;
                return script[start..(_at - 1)];
            }
        }

        throw new UnfinishedScriptException("syntax error: unexpected end of file");
    }

    /// <summary>Text that a redirection has announced and that has not come yet.</summary>
    private sealed record HereDocument(string End, bool IsLiteral, bool IsIndented, List<WordPart> Parts);
}
