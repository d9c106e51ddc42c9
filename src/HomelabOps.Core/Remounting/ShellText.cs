namespace HomelabOps.Core.Remounting;

/// <summary>Writes commands for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>A word that the shell takes as it is, whatever is in it; plain words stay plain.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or ':' or '=' or ',' or '@' or '+')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command of words.</summary>
    public static string Command(params ReadOnlySpan<string> words)
    {
        var quoted = new List<string>();
        foreach (var word in words)
        {
            quoted.Add(Quote(word));
        }

        return string.Join(' ', quoted);
    }
}
