using System.Globalization;

namespace HomelabOps.Core.Kubernetes;

/// <summary>What CronJobs and VolSync take for a schedule: five fields, or a word that begins with @. Narrower than what libraries of .NET read (7 for a Sunday, L, W, six fields).</summary>
internal static class CronSyntax
{
    private static readonly string[] Words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly (string Name, int First, int Last, string[] Words)[] Fields =
        [("minute", 0, 59, []), ("hour", 0, 23, []), ("day of the month", 1, 31, []), ("month", 1, 12, Months), ("day of the week", 0, 6, Days)];

    /// <summary>What is wrong with a schedule; null when nothing is.</summary>
    public static string? Check(string text)
    {
        // The zone in front, which newer servers want in timeZone, is not looked at.
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            return end < 0 ? "there is nothing behind the time zone" : Check(text[end..].Trim());
        }

        if (text.StartsWith('@'))
        {
            return Words.Contains(text, StringComparer.Ordinal) || (text.StartsWith("@every ", StringComparison.Ordinal) && GoDuration.Parse(text["@every ".Length..]) is not null) ? null : $"there is no word '{text}' for a schedule";
        }

        var parts = text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            return $"expected exactly 5 fields, found {parts.Length.ToString(CultureInfo.InvariantCulture)}";
        }

        return parts.Zip(Fields).SelectMany(pair => pair.First.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(range => !Fits(range, pair.Second.First, pair.Second.Last, pair.Second.Words))
            .Select(range => FormattableString.Invariant($"'{range}' is no {pair.Second.Name} from {pair.Second.First} to {pair.Second.Last}"))).FirstOrDefault();
    }

    private static bool Fits(string range, int first, int last, string[] words)
    {
        var steps = range.Split('/');
        var ends = steps[0].Split('-');
        var isStep = steps.Length == 1 || (steps.Length == 2 && int.TryParse(steps[1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0);
        if (ends[0] is "*" or "?")
        {
            return isStep;
        }

        var numbers = ends.Select(end => Number(end, words)).ToArray();
        return isStep && numbers.Length <= 2 && numbers[0] >= first && numbers[^1] <= last && numbers[0] <= numbers[^1];
    }

    private static int? Number(string text, string[] words) => Array.FindIndex(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
        ? index + (words.Length == Months.Length ? 1 : 0)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
