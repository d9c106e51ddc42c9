using System.Globalization;
using System.Text;

namespace HomelabOps.Console;

/// <summary>How many columns of a terminal a text takes: wide East Asian characters and emoji take two, marks none.</summary>
internal static class Cells
{
    // First and last code points of the blocks that terminals draw two columns wide.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF),
        (0x20000, 0x3FFFD),
    ];

    public static int Width(Rune rune)
    {
        if (rune.Value < 0x300)
        {
            return rune.Value is < 0x20 or 0x7F ? 0 : 1;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        return Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1;
    }

    public static int Width(ReadOnlySpan<char> text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>The text on one line and no wider than asked, with an ellipsis when something had to go.</summary>
    public static string Fit(string text, int width)
    {
        string line = text.ReplaceLineEndings(" ");
        if (Width(line) <= width)
        {
            return line;
        }

        StringBuilder kept = new();
        int used = 1;
        foreach (Rune rune in line.EnumerateRunes())
        {
            used += Width(rune);
            if (used > width)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append('…').ToString();
    }
}
