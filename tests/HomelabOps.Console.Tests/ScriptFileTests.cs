namespace HomelabOps.Console.Tests;

public sealed class ScriptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arguments_without_parameters_are_args()
    {
        ConsoleProcess.Result result = Run("\"$($args.Count): $args\"", "1", "-a", "b c");
        Assert.Equal("3: 1 -a b c\n", result.Output);
    }

    [Fact]
    public void Named_arguments_and_switches_bind()
    {
        ConsoleProcess.Result result = Run(
            "param([string]$Name, [switch]$Fast, [switch]$Slow, [int]$Count) \"$Name $Fast $Slow $Count\"",
            "-Name", "x", "-Fast", "-Slow:$false", "-Count:3");
        Assert.Equal("x True False 3\n", result.Output);
    }

    [Fact]
    public void The_script_knows_where_it_is()
    {
        ConsoleProcess.Result result = Run("$PSScriptRoot; $PSCommandPath");
        Assert.Equal($"{_folder.Path}\n{Path.Combine(_folder.Path, "script.ps1")}\n", result.Output);
    }

    [Theory]
    [InlineData("exit 6", 6)]
    [InlineData("'out'", 0)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("foo (", 1)]
    [InlineData("No-Such; 'and on'", 0)]
    public void The_script_decides_over_the_exit_code(string text, int expected) => Assert.Equal(expected, Run(text).ExitCode);

    [Fact]
    public void The_exit_code_of_a_native_program_is_not_that_of_the_script()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh is not there");
        Assert.Equal(0, Run("sh -c 'exit 9'; 'end'").ExitCode);
    }

    [Fact]
    public void An_error_shows_the_line_and_no_stack_trace()
    {
        ConsoleProcess.Result result = Run("'one'\nthrow 'bad thing'");
        Assert.Equal("one\n", result.Output);
        Assert.Contains("bad thing", result.Error, StringComparison.Ordinal);
        Assert.Contains("2 |  throw", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("<ScriptBlock>", result.Error, StringComparison.Ordinal);
    }

    private ConsoleProcess.Result Run(string text, params string[] arguments) =>
        ConsoleProcess.Run(["-NoImport", "-File", _folder.Write("script.ps1", text), .. arguments]);
}
