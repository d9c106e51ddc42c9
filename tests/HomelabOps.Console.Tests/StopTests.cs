using System.Diagnostics;
using System.Globalization;

namespace HomelabOps.Console.Tests;

public class StopTests
{
    private const string Endless = "try { 'begun'; while ($true) { [Threading.Thread]::Sleep(20) } } finally { [Console]::WriteLine('cleaned up') }; 'never'";

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_signal_stops_the_pipeline_runs_finally_and_ends_with_its_code(string signal, int expected)
    {
        using ConsoleProcess console = Start("-NoImport", "-Command", Endless);
        console.WaitForOutput("begun");
        Stopwatch watch = Stopwatch.StartNew();
        Send(signal, console);
        ConsoleProcess.Result result = console.Wait();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal("begun\ncleaned up\n", result.Output);
        Assert.Empty(result.Error);
        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public void A_script_is_stopped_as_well()
    {
        using TemporaryFolder folder = new();
        using ConsoleProcess console = Start("-NoImport", "-File", folder.Write("endless.ps1", Endless));
        console.WaitForOutput("begun");
        Send("INT", console);
        ConsoleProcess.Result result = console.Wait();
        Assert.Equal("begun\ncleaned up\n", result.Output);
        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public void A_question_that_nobody_answers_can_be_stopped()
    {
        using ConsoleProcess console = Start("-NoImport", "-Command", "'begun'; $null = $Host.UI.ReadLine(); 'never'");
        console.WaitForOutput("begun");
        Send("INT", console);
        ConsoleProcess.Result result = console.Wait();
        Assert.Equal("begun\n", result.Output);
        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public void A_prompt_without_a_command_ends_on_a_signal()
    {
        using ConsoleProcess console = Start("-NoImport");
        console.Type("'begun'\n");
        console.WaitForOutput("begun");
        Send("TERM", console);
        Assert.Equal(143, console.Wait().ExitCode);
    }

    [Fact]
    public void A_second_signal_does_not_wait_for_the_cleaning()
    {
        using ConsoleProcess console = Start(
            "-NoImport", "-Command", "try { 'begun'; while ($true) { } } finally { [Console]::WriteLine('cleaning'); [Threading.Thread]::Sleep(30000) }");
        console.WaitForOutput("begun");
        Send("INT", console);
        console.WaitForOutput("cleaning");
        Stopwatch watch = Stopwatch.StartNew();
        Send("INT", console);
        Assert.Equal(130, console.Wait().ExitCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void What_cannot_be_stopped_ends_after_a_while_and_leaves_no_sandbox(string signal, int expected)
    {
        using ConsoleProcess console = Start(
            "-Sandbox", "-Command", "$c = Get-HomelabConnection; \"config $($c.KubeConfigPath)\"; \"clone $($c.Repository)\"; 'begun'; [Threading.Thread]::Sleep(100000); 'never'");
        console.WaitForOutput("begun");
        Stopwatch watch = Stopwatch.StartNew();
        Send(signal, console);
        ConsoleProcess.Result result = console.Wait();
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
        Assert.Equal(expected, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain("never", lines);
        Assert.False(File.Exists(SandboxTests.Value(lines, "config ")));
        Assert.False(Directory.Exists(SandboxTests.Value(lines, "clone ")));
    }

    [Fact]
    public void Ctrl_C_gives_what_it_stops_all_the_time_that_it_needs()
    {
        using ConsoleProcess console = Start("-NoImport", "-Command", "try { 'begun'; while ($true) { } } finally { [Threading.Thread]::Sleep(5000); [Console]::WriteLine('cleaned up') }");
        console.WaitForOutput("begun");
        Send("INT", console);
        ConsoleProcess.Result result = console.Wait();
        Assert.Equal("begun\ncleaned up\n", result.Output);
        Assert.Equal(130, result.ExitCode);
    }

    /// <summary>A shell ignores SIGINT for what it starts in the background, these tests perhaps among it, and that is inherited.</summary>
    private static ConsoleProcess Start(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "env of coreutils is needed");
        return ConsoleProcess.Start(environment: null, "/usr/bin/env", ["--default-signal=INT,HUP,TERM", ConsoleProcess.Executable, .. arguments]);
    }

    private static void Send(string signal, ConsoleProcess console)
    {
        using Process kill = Process.Start("/bin/kill", ["-" + signal, console.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
