namespace HomelabOps.Console.Tests;

public class ExitCodeTests
{
    [Theory]
    [InlineData("1", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("Get-Module NoSuch; No-Such", 1)]
    [InlineData("No-Such; 'and on'", 0)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("1 +", 1)]
    [InlineData("function f { exit 5 }; f; 'not here'", 5)]
    public void A_command_ends_as_it_would_in_pwsh(string command, int expected) =>
        Assert.Equal(expected, ConsoleProcess.RunCommand(command).ExitCode);

    [Theory]
    [InlineData("Test-Homelab -Quiet", 1)]
    [InlineData("1 | test-homelab -q", 1)]
    [InlineData("Test-Homelab -Quiet; 'and on'", 0)]
    [InlineData("'before'; Test-Homelab -Quiet", 1)]
    [InlineData("Test-Homelab", 0)]
    [InlineData("$null = Test-Homelab -Quiet", 0)]
    [InlineData("Test-Homelab -Quiet -Well", 0)]
    [InlineData("Test-Homelab -Quiet; exit 3", 3)]
    [InlineData("$false", 0)]
    public void A_quiet_test_that_says_no_is_a_failure(string command, int expected) =>
        Assert.Equal(expected, ConsoleProcess.RunCommand($"function Test-Homelab([switch]$Quiet, [switch]$Well) {{ [bool]$Well }}; {command}").ExitCode);

    [Fact]
    public void A_native_failure_fails_the_command_and_sets_LASTEXITCODE()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh is not there");
        ConsoleProcess.Result result = ConsoleProcess.RunCommand("sh -c 'exit 3'; \"code $LASTEXITCODE\"; sh -c 'exit 4'");
        Assert.Contains("code 3", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("-NoSuchOption")]
    [InlineData("-No")]
    [InlineData("-Command")]
    [InlineData("-File")]
    [InlineData("no-such-script.ps1")]
    public void A_bad_command_line_is_64(string argument)
    {
        ConsoleProcess.Result result = ConsoleProcess.Run("-NoImport", argument);
        Assert.Equal(64, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("-noi", "-c")]
    [InlineData("-NOIMPORT", "-COMMAND")]
    [InlineData("--noimport", "-comm")]
    public void Options_have_any_case_and_may_be_shortened(string noImport, string command)
    {
        ConsoleProcess.Result result = ConsoleProcess.Run("-nop", "-nol", noImport, command, "'a'", ";", "'b'");
        Assert.Equal("a\nb\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("-Help", "-NonInteractive")]
    [InlineData("-?", "-ModulePath")]
    [InlineData("-v", "PowerShell engine 7.")]
    public void Help_and_version_are_answered(string option, string expected)
    {
        ConsoleProcess.Result result = ConsoleProcess.Run(option);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void A_module_that_is_not_there_is_named()
    {
        ConsoleProcess.Result result = ConsoleProcess.Run("-ModulePath", "no-such.psd1", "-Command", "1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-such.psd1", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_module_that_does_not_load_ends_the_run()
    {
        using TemporaryFolder folder = new();
        string module = folder.Write("Broken.psm1", "throw 'it is broken'");
        ConsoleProcess.Result result = ConsoleProcess.Run("-ModulePath", module, "-Command", "'not here'");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("it is broken", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
