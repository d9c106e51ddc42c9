using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Tests.Kubernetes;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("1h30m0s", 5400)]
    [InlineData("10m", 600)]
    [InlineData("10m0s", 600)]
    [InlineData("1.5h", 5400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1m500ms", 60.5)]
    [InlineData("100us", 0.0001)]
    [InlineData("100µs", 0.0001)]
    [InlineData("100μs", 0.0001)]
    [InlineData("100000ns", 0.0001)]
    [InlineData("0s", 0)]
    [InlineData("0", 0)]
    [InlineData("168h", 604800)]
    public void A_duration_is_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), GoDuration.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("1d")]
    [InlineData("10 m")]
    [InlineData("1h-3m")]
    [InlineData("10m\n")]
    [InlineData("99999999999h")]
    [InlineData("2562048h")]
    public void What_Go_would_refuse_is_none(string? text) => Assert.Null(GoDuration.Parse(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(3, "300ns")]
    [InlineData(12, "1.2µs")]
    [InlineData(4_500_000, "450ms")]
    [InlineData(4_500_001, "450.0001ms")]
    [InlineData(10_000_000, "1s")]
    [InlineData(205_000_000, "20.5s")]
    [InlineData(600_000_000, "1m0s")]
    [InlineData(900_210_000, "1m30.021s")]
    [InlineData(36_000_000_000, "1h0m0s")]
    [InlineData(900_010_000_000, "25h0m1s")]
    [InlineData(-600_000_000, "-1m0s")]
    public void It_is_written_as_Go_does(long ticks, string text) => Assert.Equal(text, GoDuration.Text(TimeSpan.FromTicks(ticks)));
}
