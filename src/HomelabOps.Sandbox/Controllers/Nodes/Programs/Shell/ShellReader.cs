using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>Reads words, redirections and signs of a script.</summary>
internal sealed class ShellReader(string script)
{
    private const string Ends = " \t\n;&|()<>";
    private int _at;

    /// <summary>What comes next, for messages.</summary>
    public string Next => _at >= script.Length ? "end of file" : script[_at] == '\n' ? "newline" : $"\"{script[_at]}\"";

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
            _at++;
            SkipSpace();
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
        if (Take('&'))
        {
            return new(stream.Value, direction, false, null, script[_at++] - '0');
        }

        return new(stream.Value, direction, append, Word() ?? throw new FormatException($"syntax error: unexpected {Next}"), 0);
    }

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
                    parts.Add(new(PartKind.Text, script[_at..(end < 0 ? throw new FormatException("syntax error: unterminated quoted string") : end)], true));
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

    private void Quoted(List<WordPart> parts)
    {
        var text = new StringBuilder();
        parts.Add(new(PartKind.Text, "", true));
        while (true)
        {
            switch (_at < script.Length ? script[_at++] : throw new FormatException("syntax error: unterminated quoted string"))
            {
                case '"':
                    Flush(parts, text, quoted: true);
                    return;
                case '\\' when Peek() is '"' or '\\' or '$' or '`':
                    text.Append(script[_at++]);
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
        var inner = script[_at..(close < 0 ? throw new FormatException("syntax error: unterminated quoted string") : close)];
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

        throw new FormatException("syntax error: unexpected end of file");
    }
}
