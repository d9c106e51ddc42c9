using System.Globalization;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Tests.Kubernetes;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("*/30 * * * *", null, "2026-03-01T10:30:00Z")]
    [InlineData("@hourly", null, "2026-03-01T11:00:00Z")]
    [InlineData("0 3 * * *", null, "2026-03-02T03:00:00Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-03-02T02:00:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 3 * * *", null, "2026-03-02T02:00:00Z")]
    [InlineData("@every 1h30m", null, "2026-03-01T11:41:07Z")]
    [InlineData("0 0 13 * 5", null, "2026-03-06T00:00:00Z")]
    [InlineData("0 0 13 * *", null, "2026-03-13T00:00:00Z")]
    public void It_knows_the_next_time(string text, string? zone, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(text, zone)!.Next(At("2026-03-01T10:11:07Z")));

    [Theory]
    [InlineData("")]
    [InlineData("every day")]
    [InlineData("61 * * * *")]
    [InlineData("@every never")]
    [InlineData("0 3 * * 7")]
    [InlineData("0 3 L * *")]
    [InlineData("0 0 3 * * *")]
    [InlineData("TZ=Nowhere/Town 0 3 * * *")]
    public void What_is_no_schedule_is_none(string text) => Assert.Null(CronSchedule.Parse(text));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
