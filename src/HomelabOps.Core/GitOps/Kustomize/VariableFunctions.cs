using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>What the operators of an expression do with a value. Positions count bytes of UTF-8, as in Go.</summary>
internal static class VariableFunctions
{
    public static string Case(string value, string function) => function switch
    {
        "," => value.Length == 0 ? value : char.ToLowerInvariant(value[0]) + value[1..],
        ",," => value.ToLowerInvariant(),
        "^" => value.Length == 0 ? value : char.ToUpperInvariant(value[0]) + value[1..],
        "^^" => value.ToUpperInvariant(),
        _ => value,
    };

    /// <summary>A part of the value; the whole where the numbers cannot be read, null where they make no sense.</summary>
    public static string? Substring(string value, string from, string? length)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        if (!TryRead(from, out var start))
        {
            return value;
        }

        start = start < 0 ? Math.Max(0, bytes.Length + start) : start;
        if (length is null)
        {
            return Part(bytes, start, bytes.Length);
        }

        if (!TryRead(length, out var count))
        {
            return value;
        }

        return start + count >= bytes.Length ? Part(bytes, start, bytes.Length) : count < 0 ? null : Part(bytes, start, start + count);
    }

    public static string Replace(string value, char mode, string pattern, string? replacement)
    {
        var index = mode switch
        {
            '#' => value.StartsWith(pattern, StringComparison.Ordinal) ? 0 : -1,
            '%' => value.EndsWith(pattern, StringComparison.Ordinal) ? value.Length - pattern.Length : -1,
            _ => value.IndexOf(pattern, StringComparison.Ordinal),
        };
        if (index < 0 || (mode is '#' or '%' && replacement is null))
        {
            return value;
        }

        return mode == '/'
            ? value.Replace(pattern, replacement ?? "", StringComparison.Ordinal)
            : string.Concat(value.AsSpan(0, index), replacement, value.AsSpan(index + pattern.Length));
    }

    /// <summary>Takes away what a pattern matches: # and ## at the start, % and %% at the end, the shortest or the longest.</summary>
    public static string Trim(string value, string function, string pattern)
    {
        var isEnd = function[0] == '%';
        if (Pattern(isEnd ? Reverse(pattern) : pattern) is not { } regex)
        {
            return value;
        }

        var text = isEnd ? Reverse(value) : value;
        var lengths = Enumerable.Range(1, text.Length).Where(length => regex.IsMatch(text[..length]));
        var matched = function.Length == 1 ? lengths.FirstOrDefault() : lengths.LastOrDefault();
        return isEnd ? Reverse(text[matched..]) : text[matched..];
    }

    private static bool TryRead(string text, out int number) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static string Part(byte[] bytes, int start, int end) => start >= bytes.Length ? "" : Encoding.UTF8.GetString(bytes, start, end - start);

    private static string Reverse(string text)
    {
        var runes = text.EnumerateRunes().Reverse();
        return string.Concat(runes.Select(rune => rune.ToString()));
    }

    // A shell pattern; null when it is malformed, and then nothing is trimmed.
    private static Regex? Pattern(string pattern)
    {
        var result = new StringBuilder("^");
        for (var index = 0; index < pattern.Length; index++)
        {
            switch (pattern[index])
            {
                case '*':
                    result.Append(".*");
                    break;
                case '?':
                    result.Append('.');
                    break;
                case '\\' when index + 1 < pattern.Length:
                    result.Append(Regex.Escape(pattern[++index].ToString()));
                    break;
                case '[' when pattern.IndexOf(']', index + 2 > pattern.Length ? index : index + 2) is > 0 and var end:
                    result.Append('[').Append(pattern.AsSpan(index + 1, end - index - 1)).Append(']');
                    index = end;
                    break;
                case '\\' or '[':
                    return null;
                default:
                    result.Append(Regex.Escape(pattern[index].ToString()));
                    break;
            }
        }

        try
        {
            return new Regex(result.Append("\\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
