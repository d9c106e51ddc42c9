namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>Reads the part of the POSIX shell's language that probes, jobs and hooks use.</summary>
internal sealed class ShellParser
{
    private static readonly string[] Closing = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];
    private readonly ShellReader _reader;

    private ShellParser(string script, bool isOpen) => _reader = new ShellReader(script, isOpen);

    /// <summary>Reads a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="isOpen">More of it may come.</param>
    /// <exception cref="UnfinishedScriptException">It goes on behind its end.</exception>
    /// <exception cref="FormatException">It is no such script.</exception>
    public static ShellCommand Parse(string script, bool isOpen = false)
    {
        var parser = new ShellParser(script, isOpen);
        var result = parser.List();
        return parser._reader.SkipLines() ? throw parser.Unexpected() : result;
    }

    private Sequence List()
    {
        var commands = new List<ShellCommand>();
        while (_reader.SkipLines() && _reader.Peek() != ')' && !_reader.At(";;") && !Array.Exists(Closing, _reader.AtWord))
        {
            var command = AndOr();
            _reader.SkipSpace();
            var isBeside = _reader.Take('&');
            commands.Add(isBeside ? new Background(command) : command);
            if (!isBeside && !_reader.At(";;") && !_reader.Take(';') && _reader.Peek() is not ('\n' or '\0' or ')'))
            {
                throw Unexpected();
            }
        }

        return new(commands);
    }

    private ShellCommand AndOr()
    {
        ShellCommand left = Piped();
        while (true)
        {
            _reader.SkipSpace();
            var both = _reader.At("&&");
            if (!both && !_reader.At("||"))
            {
                return left;
            }

            _reader.Skip(2);
            _reader.SkipLines();
            left = new Conditional(left, both, Piped());
        }
    }

    private Pipeline Piped()
    {
        _reader.SkipSpace();
        var negated = _reader.TakeWord("!");
        var commands = new List<ShellCommand> { Command() };
        while (true)
        {
            _reader.SkipSpace();
            if (_reader.Peek() != '|' || _reader.At("||"))
            {
                return new(commands, negated);
            }

            _reader.Skip(1);
            _reader.SkipLines();
            commands.Add(Command());
        }
    }

    private ShellCommand Command()
    {
        _reader.SkipSpace();
        var compound = Compound();
        if (compound is null)
        {
            return Simple();
        }

        var redirections = new List<Redirection>();
        while (_reader.Redirection() is { } redirection)
        {
            redirections.Add(redirection);
        }

        return compound with { Redirections = redirections };
    }

    private ShellCommand? Compound()
    {
        if (_reader.Take('('))
        {
            var body = List();
            Expect(')');
            return new Subshell(body);
        }

        if (_reader.TakeWord("{"))
        {
            var body = List();
            ExpectWord("}");
            return body;
        }

        if (_reader.TakeWord("if"))
        {
            return If();
        }

        if (_reader.AtWord("while") || _reader.AtWord("until"))
        {
            var until = _reader.AtWord("until");
            _reader.Skip(5);
            var condition = List();
            return new Loop(condition, Body(), until);
        }

        return _reader.TakeWord("for") ? For() : _reader.TakeWord("case") ? Case() : null;
    }

    private Choice If()
    {
        var branches = new List<(ShellCommand, ShellCommand)>();
        do
        {
            var condition = List();
            ExpectWord("then");
            branches.Add((condition, List()));
        }
        while (_reader.TakeWord("elif"));
        var otherwise = _reader.TakeWord("else") ? List() : null;
        ExpectWord("fi");
        return new(branches, otherwise);
    }

    private Each For()
    {
        _reader.SkipSpace();
        var name = _reader.Name();
        _reader.SkipLines();
        List<ShellWord>? words = null;
        if (_reader.TakeWord("in"))
        {
            words = [];
            while (_reader.Word() is { } word)
            {
                words.Add(word);
            }
        }

        _reader.SkipSpace();
        _reader.Take(';');
        return new(name, words, Body());
    }

    private Selection Case()
    {
        var word = _reader.Word() ?? throw Unexpected();
        _reader.SkipLines();
        ExpectWord("in");
        var items = new List<(IReadOnlyList<ShellWord>, ShellCommand)>();
        while (_reader.SkipLines() && !_reader.TakeWord("esac"))
        {
            _reader.Take('(');
            var patterns = new List<ShellWord>();
            do
            {
                patterns.Add(_reader.Word() ?? throw Unexpected());
                _reader.SkipSpace();
            }
            while (_reader.Take('|'));
            Expect(')');
            items.Add((patterns, List()));
            _reader.SkipLines();
            if (_reader.At(";;"))
            {
                _reader.Skip(2);
            }
        }

        return new(word, items);
    }

    private Sequence Body()
    {
        _reader.SkipLines();
        ExpectWord("do");
        var body = List();
        ExpectWord("done");
        return body;
    }

    private ShellCommand Simple()
    {
        var assignments = new List<(string, ShellWord)>();
        var words = new List<ShellWord>();
        var redirections = new List<Redirection>();
        while (true)
        {
            if (_reader.Redirection() is { } redirection)
            {
                redirections.Add(redirection);
            }
            else if (words.Count == 0 && _reader.Assignment() is { } assignment)
            {
                assignments.Add(assignment);
            }
            else if (_reader.Word() is { } word)
            {
                words.Add(word);
                if (words.Count == 1 && word.Parts is [{ Kind: PartKind.Text, IsQuoted: false } name] && _reader.At("()"))
                {
                    _reader.Skip(2);
                    _reader.SkipLines();
                    return new Definition(name.Text, Command());
                }
            }
            else
            {
                return words.Count + assignments.Count + redirections.Count == 0 ? throw Unexpected() : new SimpleCommand(assignments, words) { Redirections = redirections };
            }
        }
    }

    private void Expect(char character)
    {
        _reader.SkipLines();
        if (!_reader.Take(character))
        {
            throw Unexpected();
        }
    }

    private void ExpectWord(string word)
    {
        _reader.SkipLines();
        if (!_reader.TakeWord(word))
        {
            throw Unexpected();
        }
    }

    private FormatException Unexpected() => _reader.IsAtEnd ? new UnfinishedScriptException($"syntax error: unexpected {_reader.Next}") : new FormatException($"syntax error: unexpected {_reader.Next}");
}
