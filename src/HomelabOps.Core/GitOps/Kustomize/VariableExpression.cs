using System.Globalization;
using System.Text;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Replaces the expressions of a text as Flux' postBuild does: a part of bash's parameter expansion, with its own corners.</summary>
internal sealed class VariableExpression
{
    private readonly string _text;
    private readonly string _target;
    private readonly Func<string, string?> _find;
    private readonly bool _isStrict;
    private readonly Func<string, string>? _unknown;
    private int _position;

    private VariableExpression(string text, string target, Func<string, string?> find, bool isStrict, Func<string, string>? unknown)
    {
        _unknown = unknown;
        _text = text;
        _target = target;
        _find = find;
        _isStrict = isStrict;
    }

    private char Next => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>The text with values instead of expressions.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">What it belongs to, for errors.</param>
    /// <param name="find">The value of a variable, or null.</param>
    /// <param name="isStrict">A variable that is not set and has no default is an error.</param>
    /// <param name="unknown">What stands for a variable that is not set and has no default; null for nothing.</param>
    /// <exception cref="HomelabException">SubstitutionFailed.</exception>
    public static string Evaluate(string text, string target, Func<string, string?> find, bool isStrict = false, Func<string, string>? unknown = null)
    {
        var expression = new VariableExpression(text, target, find, isStrict, unknown);
        var result = new StringBuilder();
        while (expression._position < text.Length)
        {
            if (expression.IsOpening())
            {
                result.Append(expression.Expression());
            }
            else
            {
                result.Append(expression.Literal(static _ => true, dollars: true, backslashes: false));
            }
        }

        return result.ToString();
    }

    private bool IsOpening() => _position + 1 < _text.Length && _text[_position] == '$' && _text[_position + 1] == '{';

    // Beginning at ${.
    private string Expression()
    {
        var start = _position;
        _position += 2;
        if (Next == '#')
        {
            _position++;
            var measured = Name(start);
            Close(start);
            return Encoding.UTF8.GetByteCount(Value(measured, hasDefault: false)).ToString(CultureInfo.InvariantCulture);
        }

        var name = Name(start);
        switch (Next)
        {
            case ':' when _position + 1 < _text.Length && _text[_position + 1] is ('=' or '-' or '?' or '+'):
                return Default(name, start, 2);
            case '=':
                return Default(name, start, 1);
            case ':':
                return Substring(name, start);
            case ',' or '^':
                var casing = Operator(",^", 2);
                Close(start);
                return VariableFunctions.Case(Value(name, hasDefault: false), casing);
            case '/':
                return Replace(name, start);
            case '#' or '%':
                var trim = Operator(Next.ToString(), 2);
                var pattern = Argument(character => character != '}', start);
                Close(start);
                return VariableFunctions.Trim(Value(name, hasDefault: false), trim, pattern);
            default:
                Close(start);
                return Value(name, hasDefault: false);
        }
    }

    private string Default(string name, int start, int length)
    {
        _position += length;
        var fallback = new StringBuilder();
        while (Next != '}')
        {
            fallback.Append(Argument(character => character != '}', start));
        }

        _position++;
        var value = Value(name, hasDefault: true);
        return value.Length == 0 ? fallback.ToString() : value;
    }

    private string Substring(string name, int start)
    {
        _position++;
        var from = Argument(character => character is not (':' or '}'), start);
        string? length = null;
        if (Next == ':')
        {
            while (Next == ':')
            {
                _position++;
            }

            length = Argument(character => character != '}', start);
        }

        Close(start);
        return VariableFunctions.Substring(Value(name, hasDefault: false), from, length) ?? throw Fail("Detail_SubstituteExpression", _text[start.._position]);
    }

    private string Replace(string name, int start)
    {
        _position++;
        var mode = Next is '/' or '#' or '%' ? _text[_position++] : ' ';
        var pattern = Argument(character => character != '/', start, escapes: true);
        if (Next != '/')
        {
            throw Fail("Detail_SubstituteExpression", Excerpt(start));
        }

        while (Next == '/')
        {
            _position++;
        }

        var replacement = Next == '}' ? null : Argument(character => character != '}', start, escapes: true);
        Close(start);
        return VariableFunctions.Replace(Value(name, hasDefault: false), mode, pattern, replacement);
    }

    // A nested expression, or text up to where the function or a nested expression goes on.
    private string Argument(Func<char, bool> accept, int start, bool escapes = false)
    {
        if (IsOpening())
        {
            return Expression();
        }

        var text = _position < _text.Length ? Literal(accept, escapes, escapes) : "";
        return text.Length > 0 ? text : throw Fail("Detail_SubstituteExpression", Excerpt(start));
    }

    private string Literal(Func<char, bool> accept, bool dollars, bool backslashes)
    {
        var result = new StringBuilder();
        while (_position < _text.Length && !IsOpening())
        {
            var character = _text[_position];
            var following = _position + 1 < _text.Length ? _text[_position + 1] : '\0';
            if ((dollars && character == '$' && following == '$') || (backslashes && character == '\\' && following is ('/' or '\\')))
            {
                result.Append(following);
                _position += 2;
                continue;
            }

            if (!accept(character))
            {
                break;
            }

            result.Append(character);
            _position++;
        }

        return result.ToString();
    }

    private string Operator(string characters, int longest)
    {
        var start = _position;
        while (_position - start < longest && characters.Contains(Next, StringComparison.Ordinal))
        {
            _position++;
        }

        return _text[start.._position];
    }

    private string Name(int start)
    {
        var begin = _position;
        while (char.IsLetterOrDigit(Next) || Next == '_')
        {
            _position++;
        }

        return _position > begin ? _text[begin.._position] : throw Fail("Detail_SubstituteExpression", Excerpt(start));
    }

    private void Close(int start)
    {
        if (Next != '}')
        {
            throw Fail("Detail_SubstituteBrace", Excerpt(start));
        }

        _position++;
    }

    private string Value(string name, bool hasDefault) =>
        _find(name) ?? (hasDefault ? "" : _isStrict ? throw Fail("Detail_SubstituteMissing", name) : _unknown?.Invoke(name) ?? "");

    private string Excerpt(int start) => _text[start..Math.Min(_text.Length, start + 40)].ReplaceLineEndings(" ");

    private HomelabException Fail(string detail, string argument) => Errors.SubstitutionFailed(_target, Errors.Text(detail, argument));
}
