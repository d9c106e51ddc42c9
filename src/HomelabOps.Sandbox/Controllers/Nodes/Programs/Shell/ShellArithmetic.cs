using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>The whole numbers of <c>$((...))</c> with their four operations, remainder, comparisons and parentheses.</summary>
internal sealed class ShellArithmetic(string text, Func<string, string> variable)
{
    private static readonly string[][] Levels = [["==", "!=", "<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]];
    private int _at;

    /// <summary>The value of the expression.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public long Value()
    {
        var value = Level(0);
        Skip();
        return _at < text.Length ? throw new FormatException("arithmetic syntax error") : value;
    }

    private long Level(int level)
    {
        if (level == Levels.Length)
        {
            return Single();
        }

        var left = Level(level + 1);
        while (true)
        {
            Skip();
            var sign = Array.Find(Levels[level], candidate => string.CompareOrdinal(text, _at, candidate, 0, candidate.Length) == 0);
            if (sign is null)
            {
                return left;
            }

            _at += sign.Length;
            left = Apply(left, sign, Level(level + 1));
        }
    }

    private static long Apply(long left, string sign, long right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => right == 0 ? throw new FormatException("divide by zero") : left / right,
        "%" => right == 0 ? throw new FormatException("divide by zero") : left % right,
        "==" => left == right ? 1 : 0,
        "!=" => left != right ? 1 : 0,
        "<=" => left <= right ? 1 : 0,
        ">=" => left >= right ? 1 : 0,
        "<" => left < right ? 1 : 0,
        _ => left > right ? 1 : 0,
    };

    private long Single()
    {
        Skip();
        if (_at < text.Length && text[_at] == '-')
        {
            _at++;
            return -Single();
        }

        if (_at < text.Length && text[_at] == '(')
        {
            _at++;
            var inner = Level(0);
            Skip();
            return _at < text.Length && text[_at++] == ')' ? inner : throw new FormatException("arithmetic syntax error");
        }

        _at += _at < text.Length && text[_at] == '$' ? 1 : 0;
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        var word = text[start.._at];
        return long.TryParse(word.Length > 0 && !char.IsAsciiDigit(word[0]) ? variable(word) : word, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException("arithmetic syntax error");
    }

    private void Skip()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }
}
