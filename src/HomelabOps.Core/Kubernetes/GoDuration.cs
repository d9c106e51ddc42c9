using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Durations as Go writes them: <c>1h30m0s</c>, <c>1m20.5s</c>, <c>500ms</c>.</summary>
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

    /// <summary>What Go writes of a duration; its units go down to the tick, a tenth of a microsecond.</summary>
    public static string Text(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            return "-" + Text(time.Negate());
        }

        if (time < TimeSpan.FromSeconds(1))
        {
            return time == TimeSpan.Zero ? "0s"
                : time < TimeSpan.FromMicroseconds(1) ? Number(time.TotalNanoseconds) + "ns"
                : time < TimeSpan.FromMilliseconds(1) ? Number(time.TotalMicroseconds) + "µs"
                : Number(time.TotalMilliseconds) + "ms";
        }

        var seconds = Number(time.Seconds + (time.Ticks % TimeSpan.TicksPerSecond / (double)TimeSpan.TicksPerSecond)) + "s";
        return time < TimeSpan.FromMinutes(1) ? seconds
            : time < TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h{time.Minutes}m{seconds}");
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

    // A tick is the seventh digit of a second.
    private static string Number(double value) => value.ToString("0.#######", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?<number>\d+(?:\.\d+)?)(?<unit>h|ms|m|s|us|µs|μs|ns))+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Whole();
}
