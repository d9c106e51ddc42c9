using System.Globalization;

namespace HomelabOps.Core.Scheduling;

/// <summary>When a check runs: every so often, or each day at a time.</summary>
/// <param name="Every">How often; null for each day.</param>
/// <param name="At">The local time of the day; null for every so often.</param>
internal sealed record CheckSchedule(TimeSpan? Every, TimeOnly? At)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Once a day, which every scheduler can do.</summary>
    public static CheckSchedule Daily { get; } = new(TimeSpan.FromDays(1), null);

    /// <summary>Takes <c>15m</c>, <c>6h</c>, <c>1d</c>, or <c>07:30</c>.</summary>
    /// <exception cref="HomelabException">CheckInvalid.</exception>
    public static CheckSchedule Parse(string text)
    {
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return new(null, at);
        }

        var unit = text.Length > 1 ? text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero } : TimeSpan.Zero;
        return int.TryParse(text.AsSpan(0, Math.Max(text.Length - 1, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10080 && number * unit is var every && every >= Shortest && every <= Longest
            ? new(every, null)
            : throw Errors.CheckInvalid(text, "A schedule is a duration from 1m to 7d, such as 15m or 6h, or a time of the day, such as 07:30.");
    }

    /// <summary>The same as <see cref="Parse"/> takes it.</summary>
    public string Text => (At, (int)(Every?.TotalMinutes ?? 0)) switch
    {
        ({ } at, _) => at.ToString("HH:mm", CultureInfo.InvariantCulture),
        (_, var minutes) when minutes % 1440 == 0 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 1440}d"),
        (_, var minutes) when minutes % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h"),
        (_, var minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes}m"),
    };

    /// <summary>For people.</summary>
    public override string ToString() => At is null ? $"every {Text}" : $"daily at {Text}";

    /// <summary>The five fields of cron.</summary>
    /// <exception cref="HomelabException">CheckInvalid: cron cannot do that.</exception>
    public string ToCron() => (At, Every) switch
    {
        ({ } at, _) => string.Create(CultureInfo.InvariantCulture, $"{at.Minute} {at.Hour} * * *"),
        (_, { TotalMinutes: < 60 and var minutes }) when 60 % minutes == 0 => string.Create(CultureInfo.InvariantCulture, $"*/{minutes} * * * *"),
        (_, { Minutes: 0, TotalHours: < 24 and var hours }) when 24 % hours == 0 => hours == 1 ? "0 * * * *" : string.Create(CultureInfo.InvariantCulture, $"0 */{hours} * * *"),
        (_, { TotalHours: 24 }) => "0 0 * * *",
        _ => throw Errors.CheckInvalid(Text, "cron can only do what divides an hour or a day, such as 10m, 15m, 6h or 1d."),
    };
}
