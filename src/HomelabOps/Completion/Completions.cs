using System.Management.Automation;

namespace HomelabOps.Completion;

/// <summary>Makes completion results of names.</summary>
internal static class Completions
{
    /// <summary>The names that begin with the word, quoted where the language needs it; of a path such as Kind/namespace/name also the last part may.</summary>
    public static IEnumerable<CompletionResult> Of(IEnumerable<string> names, string? word)
    {
        var typed = (word ?? "").Trim('\'', '"');
        var quote = word is ['\'' or '"', ..] ? word[0] : (char?)null;
        return names
            .Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) || name.AsSpan(name.LastIndexOf('/') + 1).StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Quote(name, quote), name, CompletionResultType.ParameterValue, name));
    }

    private static string Quote(string name, char? quote)
    {
        if (quote is null && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '/' or ':'))
        {
            return name;
        }

        return quote == '"'
            ? $"\"{name.Replace("`", "``", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal).Replace("$", "`$", StringComparison.Ordinal)}\""
            : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
