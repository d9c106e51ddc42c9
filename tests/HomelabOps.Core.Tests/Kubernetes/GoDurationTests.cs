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
}
