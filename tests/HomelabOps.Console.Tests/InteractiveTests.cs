namespace HomelabOps.Console.Tests;

public class InteractiveTests
{
    [Fact]
    public void Lines_of_stdin_are_commands_until_its_end()
    {
        ConsoleProcess.Result result = Feed("$a = 20\n\n$a + 1\nif ($a) {\n  'several lines'\n}\n'last'");
        Assert.Equal("21\nseveral lines\nlast\n", result.Output);
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Exit_ends_it_with_its_code()
    {
        ConsoleProcess.Result result = Feed("1\nexit 5\n2\n");
        Assert.Equal("1\n", result.Output);
        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public void Errors_do_not_end_it_and_set_the_question_mark()
    {
        ConsoleProcess.Result result = Feed("No-Such\n$?\nthrow 'bad'\n1 + + )\n'alive'\n");
        Assert.Equal("False\nalive\n", result.Output);
        Assert.Contains("bad", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_from_stdin_is_one_text()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunWith("foreach ($i in 1, 2)\n{\n$i\n}\nexit 3\n", environment: null, "-NoImport", "-Command", "-");
        Assert.Equal("1\n2\n", result.Output);
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public void A_command_that_wants_input_gets_stdin()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunWith("a\nb\n", environment: null, "-NoImport", "-Command", "$input | ForEach-Object { \"<$_>\" }");
        Assert.Equal("<a>\n<b>\n", result.Output);
    }

    [Fact]
    public void On_a_terminal_there_are_a_prompt_colour_completion_and_history()
    {
        using ConsoleProcess terminal = OpenTerminal(environment: null);
        terminal.WaitForOutput("PS HomelabOps> ");
        terminal.Type("Get-Comm\t -Na\t Get-Help\r");
        terminal.WaitForOutput("\e[32;1m");
        terminal.Type("'x' * 3\r");
        terminal.WaitForOutput("xxx");
        terminal.Type("\e[A\x7f" + "5\r");
        terminal.WaitForOutput("xxxxx");
        terminal.Type("exit 3\r");
        ConsoleProcess.Result result = terminal.Wait();
        Assert.Contains("Get-Command -Name Get-Help", result.Output, StringComparison.Ordinal);
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public void On_a_terminal_NO_COLOR_means_plain_text()
    {
        using ConsoleProcess terminal = OpenTerminal(new Dictionary<string, string?> { ["NO_COLOR"] = "1" });
        terminal.WaitForOutput("PS HomelabOps> ");
        terminal.Type("Get-Command Get-Help; No-Such; exit\r");
        string output = terminal.Wait().Output;
        Assert.Contains("CommandType", output, StringComparison.Ordinal);
        Assert.Contains("The term 'No-Such'", output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\e\[[0-9;]*m", output);
    }

    [Fact]
    public void On_a_terminal_Control_C_stops_the_pipeline_only()
    {
        using ConsoleProcess terminal = OpenTerminal(environment: null);
        terminal.WaitForOutput("PS HomelabOps> ");
        terminal.Type("try { 'begun'.ToUpper(); while ($true) { } } finally { [Console]::WriteLine('clean' + 'ed') }\r");
        terminal.WaitForOutput("BEGUN");
        terminal.Type("\x03");
        terminal.WaitForOutput("cleaned");
        terminal.Type("exit 4\r");
        Assert.Equal(4, terminal.Wait().ExitCode);
    }

    private static ConsoleProcess.Result Feed(string text) => ConsoleProcess.RunWith(text, environment: null, "-NoImport");

    /// <summary>The script of util-linux gives the console a terminal of its own.</summary>
    private static ConsoleProcess OpenTerminal(IReadOnlyDictionary<string, string?>? environment)
    {
        const string Script = "/usr/bin/script";
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Script), "script of util-linux is needed");
        Dictionary<string, string?> variables = new(environment ?? new Dictionary<string, string?>()) { ["TERM"] = "xterm-256color" };
        variables.TryAdd("NO_COLOR", value: null);

        // Whoever runs the tests in the background may have had the signal ignored, which a child inherits. The shell that
        // script starts must be gone: dash would take the interrupt too and end with 130 whatever the console's code.
        return ConsoleProcess.Start(variables, "/usr/bin/env", "--default-signal=INT,HUP,TERM", Script, "-q", "-e", "-f", "-c", $"exec '{ConsoleProcess.Executable}' -NoImport -NoLogo", "/dev/null");
    }
}
