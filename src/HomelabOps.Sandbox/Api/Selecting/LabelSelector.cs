using System.Buffers;
using System.Globalization;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>A label selector of a request: all its requirements must hold.</summary>
internal sealed class LabelSelector
{
    private static readonly SearchValues<char> Operators = SearchValues.Create("=!<> ,");
    private readonly List<Requirement> _requirements = [];

    public static LabelSelector Everything { get; } = new();

    public bool IsEverything => _requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var selector = new LabelSelector();
        foreach (var part in Split(text))
        {
            selector._requirements.Add(ParseRequirement(part.Trim()));
        }

        return selector;
    }

    public bool Matches(KeyValuePair<string, string>[] labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    // A comma within parentheses separates values.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var index = 0; index < text.Length; index++)
        {
            depth += text[index] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[index] == ',' && depth == 0)
            {
                yield return text[start..index];
                start = index + 1;
            }
        }

        yield return text[start..];
    }

    private static Requirement ParseRequirement(string part)
    {
        if (part.Length == 0)
        {
            throw Unparsable("found '', expected: !, identifier, or 'end of string'");
        }

        if (part[0] == '!')
        {
            return new(Key(part[1..].Trim()), "!", []);
        }

        var end = part.AsSpan().IndexOfAny(Operators);
        if (end < 0)
        {
            return new(Key(part), "exists", []);
        }

        var (key, rest) = (Key(part[..end]), part[end..].TrimStart());
        foreach (var (sign, operation) in (ReadOnlySpan<(string, string)>)[("==", "in"), ("!=", "notin"), ("=", "in"), (">", "gt"), ("<", "lt")])
        {
            if (rest.StartsWith(sign, StringComparison.Ordinal))
            {
                var value = Value(rest[sign.Length..].Trim());
                return operation is "gt" or "lt" && !long.TryParse(value, CultureInfo.InvariantCulture, out _)
                    ? throw ApiErrors.BadRequest($"unable to parse requirement: values[0][{key}]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer")
                    : new(key, operation, [value]);
            }
        }

        foreach (var word in (ReadOnlySpan<string>)["in", "notin"])
        {
            if (rest.StartsWith(word, StringComparison.Ordinal) && rest[word.Length..].Trim() is ['(', .., ')'] values)
            {
                return new(key, word, [.. values[1..^1].Split(',').Select(value => Value(value.Trim()))]);
            }
        }

        throw Unparsable($"found '{rest.Split(' ')[0]}', expected: in, notin, =, ==, !=, gt, lt");
    }

    private static string Key(string key)
    {
        var name = key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return name.Length is > 0 and <= 63 && IsLabelText(name) ? key
            : throw ApiErrors.BadRequest($"unable to parse requirement: <nil>: Invalid value: \"{key}\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
    }

    private static string Value(string value) => value.Length == 0 || (value.Length <= 63 && IsLabelText(value)) ? value
        : throw ApiErrors.BadRequest($"unable to parse requirement: values[0][]: Invalid value: \"{value}\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");

    private static bool IsLabelText(string text) => char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private static ApiException Unparsable(string why) => ApiErrors.BadRequest($"unable to parse requirement: {why}");

    private sealed record Requirement(string Key, string Operation, string[] Values)
    {
        public bool Matches(KeyValuePair<string, string>[] labels)
        {
            string? value = null;
            foreach (var (name, content) in labels)
            {
                if (name == Key)
                {
                    value = content;
                    break;
                }
            }

            return Operation switch
            {
                "exists" => value is not null,
                "!" => value is null,
                "in" => value is not null && Values.Contains(value, StringComparer.Ordinal),
                "notin" => value is null || !Values.Contains(value, StringComparer.Ordinal),
                _ => long.TryParse(value, CultureInfo.InvariantCulture, out var left) && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var right) && (Operation == "gt" ? left > right : left < right),
            };
        }
    }
}
