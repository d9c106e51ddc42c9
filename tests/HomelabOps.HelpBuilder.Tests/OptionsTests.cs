namespace HomelabOps.HelpBuilder.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Options_are_read()
    {
        var options = Options.Parse(["--assembly", "a/Module.dll", "--output", "o", "--reference", "r1", "--reference", "r2", "--complete", "false"]);

        Assert.Equal("Module", options.Module);
        Assert.Equal(["r1", "r2"], options.References);
        Assert.False(options.Complete);
    }

    [Fact]
    public void Help_must_be_complete_unless_told_otherwise() =>
        Assert.True(Options.Parse(["--assembly", "a", "--output", "o"]).Complete);

    [Theory]
    [InlineData("--assembly", "a")]
    [InlineData("--assembly", "a", "--output")]
    [InlineData("--assembly", "a", "--output", "o", "--what", "x")]
    [InlineData("--assembly", "a", "--output", "o", "--complete", "perhaps")]
    public void A_wrong_command_line_is_refused(params string[] args) => Assert.Throws<ArgumentException>(() => Options.Parse(args));
}
