using System.Globalization;
using Cronos;

namespace HomelabOps.Core.Kubernetes;

/// <summary>
/// A schedule of five fields as CronJobs and VolSync read it: with <c>@daily</c> and its like, <c>@every 1h30m</c>, and a
/// time zone in front (<c>CRON_TZ=Europe/Berlin 0 3 * * *</c>). Where day of month and day of week are both restricted,
/// either will do, as in Vixie cron.
/// </summary>
internal sealed class CronSchedule
{
    private readonly CronExpression[] _expressions;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan? _every;

    private CronSchedule(CronExpression[] expressions, TimeZoneInfo zone, TimeSpan? every)
    {
        _expressions = expressions;
        _zone = zone;
        _every = every;
    }

    /// <summary>The schedule, or null for a text that is none.</summary>
    /// <param name="text">Such as <c>*/30 * * * *</c>.</param>
    /// <param name="zone">IANA name of a time zone; null for UTC.</param>
    public static CronSchedule? Parse(string text, string? zone = null)
    {
        text = text.Trim();
        if (CronSyntax.Check(text) is not null)
        {
            return null;
        }

        foreach (var prefix in (ReadOnlySpan<string>)["CRON_TZ=", "TZ="])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end)
            {
                (zone, text) = (text[prefix.Length..end], text[end..].TrimStart());
            }
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone ?? "UTC", out var found))
        {
            return null;
        }

        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            return GoDuration.Parse(text[7..].Trim()) is { } every && every > TimeSpan.Zero ? new([], found, every) : null;
        }

        var expressions = new List<CronExpression>();
        foreach (var part in Alternatives(text))
        {
            if (!CronExpression.TryParse(part, out var expression))
            {
                return null;
            }

            expressions.Add(expression);
        }

        return new([.. expressions], found, null);
    }

    /// <summary>The first time after this one; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_every is { } every)
        {
            // As the real one: whole seconds.
            return new DateTimeOffset(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), after.Offset) + every;
        }

        return _expressions.Min(expression => expression.GetNextOccurrence(after, _zone));
    }

    // Cronos wants both days to fit.
    private static string[] Alternatives(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5 && IsRestricted(fields[2]) && IsRestricted(fields[4])
            ? [string.Create(CultureInfo.InvariantCulture, $"{fields[0]} {fields[1]} {fields[2]} {fields[3]} *"), string.Create(CultureInfo.InvariantCulture, $"{fields[0]} {fields[1]} * {fields[3]} {fields[4]}")]
            : [text];
    }

    private static bool IsRestricted(string field) => field[0] is not ('*' or '?');
}
