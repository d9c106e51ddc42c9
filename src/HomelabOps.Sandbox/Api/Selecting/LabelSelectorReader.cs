using System.Globalization;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>Reads the text of a label selector, and tells what is wrong with it in the words of the real server.</summary>
internal sealed class LabelSelectorReader
{
    private readonly List<string> _tokens = [];
    private int _next;

    private LabelSelectorReader(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            if (char.IsWhiteSpace(text[index]))
            {
                index++;
                continue;
            }

            var start = index;
            if (IsSign(text[index]))
            {
                // Only these consist of two.
                index += text.AsSpan(index).StartsWith("==", StringComparison.Ordinal) || text.AsSpan(index).StartsWith("!=", StringComparison.Ordinal) ? 2 : 1;
            }
            else
            {
                while (index < text.Length && !IsSign(text[index]) && !char.IsWhiteSpace(text[index]))
                {
                    index++;
                }
            }

            _tokens.Add(text[start..index]);
        }
    }

    /// <summary>Key, operation (exists, !, in, notin, gt, lt) and values of each requirement.</summary>
    public static IEnumerable<(string Key, string Operation, string[] Values)> Read(string text)
    {
        var reader = new LabelSelectorReader(text);
        while (true)
        {
            if (reader.Peek is not "!" && !IsWord(reader.Peek))
            {
                throw ApiErrors.BadRequest($"found '{reader.Peek}', expected: !, identifier, or 'end of string'");
            }

            yield return reader.Requirement();
            switch (reader.Take())
            {
                case "":
                    yield break;
                case ",":
                    if (reader.Peek is not "!" && !IsWord(reader.Peek))
                    {
                        throw ApiErrors.BadRequest($"found '{reader.Peek}', expected: identifier after ','");
                    }

                    break;
                case var other:
                    throw ApiErrors.BadRequest($"found '{other}', expected: ',' or 'end of string'");
            }
        }
    }

    private string Peek => _next < _tokens.Count ? _tokens[_next] : "";

    private string Take() => _next < _tokens.Count ? _tokens[_next++] : "";

    private (string Key, string Operation, string[] Values) Requirement()
    {
        var absent = Peek == "!";
        if (absent)
        {
            Take();
        }

        var key = Take();
        if (!IsWord(key))
        {
            throw Unparsable($"found '{key}', expected: identifier");
        }

        if (NameRules.CheckQualified(key) is { } wrong)
        {
            throw Unparsable($"<nil>: Invalid value: \"{key}\": {wrong}");
        }

        if (Peek is "" or ",")
        {
            return (key, absent ? "!" : "exists", []);
        }

        if (absent)
        {
            throw ApiErrors.BadRequest($"found '{Peek}', expected: ',' or 'end of string'");
        }

        var (sign, operation) = (Take(), "");
        operation = sign switch { "=" or "==" => "in", "!=" => "notin", "<" => "lt", ">" => "gt", "in" or "notin" => sign, _ => throw Unparsable($"found '{sign}', expected: in, notin, =, ==, !=, gt, lt") };
        var values = sign is "in" or "notin" ? Set() : [IsWord(Peek) ? Take() : ""];
        foreach (var value in values)
        {
            if (operation is "lt" or "gt" && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw Unparsable($"values[0][{key}]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer");
            }

            if (NameRules.CheckLabelValue(value) is { } unfit)
            {
                throw Unparsable($"values[0][{key}]: Invalid value: \"{value}\": {unfit}");
            }
        }

        return (key, operation, values);
    }

    // Values between parentheses, of which any may be empty.
    private string[] Set()
    {
        if (Take() is not "(" and var first)
        {
            throw Unparsable($"found '{first}' expected: '('");
        }

        var values = new List<string>();
        while (true)
        {
            values.Add(IsWord(Peek) ? Take() : "");
            switch (Take())
            {
                case ")":
                    return [.. values];
                case ",":
                    break;
                case var other:
                    throw Unparsable($"found '{other}', expected: ',' or ')'");
            }
        }
    }

    private static bool IsSign(char character) => character is '=' or '!' or '<' or '>' or '(' or ')' or ',';

    private static bool IsWord(string token) => token.Length > 0 && !IsSign(token[0]);

    private static ApiException Unparsable(string why) => ApiErrors.BadRequest($"unable to parse requirement: {why}");
}
