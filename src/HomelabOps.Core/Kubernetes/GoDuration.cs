using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Durations as Go writes them: <c>1h30m0s</c>, <c>500ms</c>.</summary>
internal static partial class GoDuration
{
    // Go counts nanoseconds in 64 bits. A CustomResourceDefinition checks the form only, so larger ones can be in a cluster.
    private static readonly double Longest = TimeSpan.FromMicroseconds(long.MaxValue / 1000).TotalSeconds;

    /// <summary>The duration; null for what is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (string.IsNullOrEmpty(text) || Whole().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var total = 0.0;
        var (numbers, units) = (match.Groups["number"].Captures, match.Groups["unit"].Captures);
        for (var index = 0; index < numbers.Count; index++)
        {
            total += Seconds(units[index].Value) * double.Parse(numbers[index].Value, CultureInfo.InvariantCulture);
        }

        return total < Longest ? TimeSpan.FromTicks((long)Math.Round(total * TimeSpan.TicksPerSecond)) : null;
    }

    private static double Seconds(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" or "μs" => 1e-6,
        _ => 1e-9,
    };

    [GeneratedRegex(@"^(?:(?<number>\d+(?:\.\d+)?)(?<unit>h|ms|m|s|us|µs|μs|ns))+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Whole();
}
