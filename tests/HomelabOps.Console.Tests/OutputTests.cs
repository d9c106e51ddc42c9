namespace HomelabOps.Console.Tests;

public class OutputTests
{
    [Fact]
    public void The_staged_module_is_imported_and_shown_as_a_table()
    {
        ConsoleProcess.Result result = ConsoleProcess.Run("-Command", "Get-Module");
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("ModuleType Version", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("---------- -------", lines[1], StringComparison.Ordinal);
        Assert.Contains(" HomelabOps ", lines[2], StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Records_of_two_types_in_one_command_are_two_tables()
    {
        ConsoleProcess.Result result = ConsoleProcess.Run(
            "-Command",
            "$node = [HomelabOps.HomelabNode]::new(); $pod = [HomelabOps.HomelabPod]::new(); $node; $node; $pod; $pod");
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int nodes = Array.FindIndex(lines, line => line.StartsWith("Name", StringComparison.Ordinal));
        int pods = Array.FindIndex(lines, line => line.StartsWith("Namespace", StringComparison.Ordinal));
        Assert.InRange(nodes, 0, pods);
        Assert.All([lines[nodes + 1], lines[pods + 1]], line => Assert.StartsWith("----", line, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(" : ", StringComparison.Ordinal));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void NoImport_loads_no_module()
    {
        Assert.Empty(ConsoleProcess.RunCommand("Get-Module").Output);
        Assert.Empty(ConsoleProcess.RunCommand("[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { \"$_\" -match '^HomelabOps\\.(?!Console)' }").Output);
    }

    [Fact]
    public void Redirected_output_is_120_wide_or_as_COLUMNS_says()
    {
        const string Command = "[pscustomobject]@{ A = 'x' * 200; B = 1 }";
        Assert.InRange(Longest(ConsoleProcess.RunCommand(Command)), 118, 120);
        Dictionary<string, string?> wide = new() { ["COLUMNS"] = "300" };
        Assert.InRange(Longest(ConsoleProcess.RunWith(string.Empty, wide, "-NoImport", "-c", Command)), 200, 300);
    }

    [Fact]
    public void Redirected_output_and_errors_are_plain()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(
            "Get-Command Get-Help; \"$($PSStyle.Foreground.Red)red$($PSStyle.Reset)\"; $Host.UI.WriteLine('Red', 'Black', 'host'); $Host.UI.WriteWarningLine('w'); No-Such");
        Assert.DoesNotContain('\e', result.Output);
        Assert.DoesNotContain('\e', result.Error);
        Assert.Contains("red\nhost\nWARNING: w\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_stream_has_its_own_line()
    {
        const string Function = "function f { [CmdletBinding()] param() $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteDebug('d'); $PSCmdlet.WriteInformation('i', @()) }";
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(Function + "; f -Verbose -Debug -InformationAction Continue");
        Assert.Equal("VERBOSE: v\nWARNING: w\nDEBUG: d\ni\n", result.Output);
    }

    [Fact]
    public void Errors_go_to_stderr_and_are_one_message()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand("'before'; [int]::Parse('x'); 'after'");
        Assert.Equal("before\nafter\n", result.Output);
        Assert.StartsWith("MethodInvocationException: Exception calling \"Parse\"", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parse_error_shows_its_place()
    {
        string error = ConsoleProcess.RunCommand("1 +").Error;
        Assert.Contains("1 |  1 +", error, StringComparison.Ordinal);
        Assert.Contains("You must provide a value expression", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_not_drawn_without_a_terminal()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(
            "$Host.UI.WriteProgress(1, [System.Management.Automation.ProgressRecord]::new(1, 'Working', 'half'))");
        Assert.Empty(result.Output + result.Error);
    }

    [Fact]
    public void Help_and_clear_work_without_the_standard_modules()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand("help Get-Command; Clear-Host");
        Assert.Contains("SYNTAX", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private static int Longest(ConsoleProcess.Result result) => result.Output.Split('\n').Max(line => line.Length);
}
