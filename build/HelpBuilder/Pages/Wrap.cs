namespace HomelabOps.HelpBuilder.Pages;

/// <summary>Breaks text at spaces.</summary>
internal static class Wrap
{
    /// <summary>Lines of at most this width; only a single longer word (an address) goes beyond it.</summary>
    public static IEnumerable<string> Text(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
