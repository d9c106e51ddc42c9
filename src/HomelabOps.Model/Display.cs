using System.Buffers;
using System.Globalization;

namespace HomelabOps;

/// <summary>How the default views show values to people. The records keep the exact values.</summary>
public static partial class Display
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A duration as kubectl writes an age: <c>45s</c>, <c>3m12s</c>, <c>5h</c>, <c>12d</c>, <c>2y40d</c>.</summary>
    /// <param name="value">The duration; null gives an empty text.</param>
    public static string Duration(TimeSpan? value)
    {
        if (value is not { } span)
        {
            return "";
        }

        if (span < TimeSpan.Zero)
        {
            return "0s";
        }

        var (days, hours, minutes, seconds) = ((int)span.TotalDays, (int)span.TotalHours, (int)span.TotalMinutes, (int)span.TotalSeconds);
        return span switch
        {
            { TotalMinutes: < 2 } => $"{seconds}s",
            { TotalMinutes: < 10 } => Pair(minutes, "m", span.Seconds, "s"),
            { TotalHours: < 3 } => $"{minutes}m",
            { TotalHours: < 8 } => Pair(hours, "h", span.Minutes, "m"),
            { TotalDays: < 2 } => $"{hours}h",
            { TotalDays: < 8 } => Pair(days, "d", span.Hours, "h"),
            { TotalDays: < 730 } => $"{days}d",
            { TotalDays: < 2920 } => Pair(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    /// <summary>A short time to a tenth of a second, a longer one as <see cref="Duration"/>.</summary>
    /// <param name="value">The time.</param>
    public static string Seconds(TimeSpan? value) => value is { TotalMinutes: < 2 } time
        ? time.TotalSeconds.ToString("0.0's'", CultureInfo.InvariantCulture)
        : Duration(value);

    /// <summary>The time since <paramref name="value"/>, as <see cref="Duration"/>.</summary>
    /// <param name="value">A local time; null gives an empty text.</param>
    public static string Since(DateTime? value) =>
        value is { } time ? Duration(DateTime.UtcNow - time.ToUniversalTime()) : "";

    /// <summary>The time of day: <c>14:03:22.418</c>; of another day the date instead of the seconds: <c>05-31 14:03</c>.</summary>
    /// <param name="value">A local time; null gives an empty text.</param>
    public static string TimeOfDay(DateTime? value) => value is not { } time
        ? ""
        : time.ToString(time.Date == DateTime.Today ? "HH:mm:ss.fff" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes in binary units: <c>512 B</c>, <c>1.5 GiB</c>.</summary>
    /// <param name="value">Bytes; null gives an empty text.</param>
    public static string Bytes(long? value)
    {
        if (value is not { } bytes)
        {
            return "";
        }

        double scaled = bytes;
        var unit = 0;

        // By what will be shown: 1023.96 would become 1024 of the smaller unit.
        while (Math.Round(Math.Abs(scaled), 1) >= 1024 && unit < ByteUnits.Length - 1)
        {
            scaled /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{scaled:0.#} {ByteUnits[unit]}");
    }

    /// <summary>CPU cores as Kubernetes writes them: <c>250m</c> below one core, else <c>2</c> or <c>1.5</c>.</summary>
    /// <param name="value">Cores; null gives an empty text.</param>
    public static string Cpu(double? value) => value switch
    {
        null => "",
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value.Value * 1000)}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}"),
    };

    /// <summary>A percentage without decimals.</summary>
    /// <param name="value">0 to 100, or more; null gives an empty text.</param>
    public static string Percent(double? value) =>
        value is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0}%") : "";

    /// <summary>A Flux revision with its hash cut to eight characters: <c>main@sha1:3f2a91c0</c>.</summary>
    /// <param name="value">The revision; null gives an empty text.</param>
    public static string Revision(string? value)
    {
        if (value is null)
        {
            return "";
        }

        var colon = value.LastIndexOf(':');
        return colon >= 0 && value.Length - colon - 1 >= 40 && value.AsSpan(colon + 1).IndexOfAnyExcept(HexDigits) < 0
            ? value[..(colon + 9)]
            : value;
    }

    /// <summary>A commit in short, as Git shows it.</summary>
    /// <param name="value">The hash; null gives an empty text.</param>
    public static string Commit(string? value) => value is { Length: > 8 } ? value[..8] : value ?? "";

    /// <summary>How many files a change has.</summary>
    /// <param name="change">The change.</param>
    public static int FileCount(GitOpsChange change) => change?.Files.Count ?? 0;

    /// <summary>The first line of a text, so that a controller's long message does not break a table.</summary>
    /// <param name="value">The text; null gives an empty text.</param>
    public static string FirstLine(string? value)
    {
        var text = (value ?? "").AsSpan().Trim();
        var end = text.IndexOfAny('\r', '\n');
        return end < 0 ? text.ToString() : string.Concat(text[..end], "…");
    }

    /// <summary>The text in green when it is well and in red when it is not. The engine drops the colour where none is wanted.</summary>
    /// <param name="text">What is shown.</param>
    /// <param name="healthy">Whether it is well; null leaves the text as it is.</param>
    public static string Health(object? text, bool? healthy)
    {
        var value = Convert.ToString(text, CultureInfo.InvariantCulture) ?? "";
        return healthy switch
        {
            _ when value.Length == 0 => value,
            true => $"\u001b[32m{value}\u001b[0m",
            false => $"\u001b[31m{value}\u001b[0m",
            null => value,
        };
    }

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
