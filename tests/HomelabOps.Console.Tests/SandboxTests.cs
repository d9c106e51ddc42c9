namespace HomelabOps.Console.Tests;

public class SandboxTests
{
    [Fact]
    public void A_newcomer_s_first_command_shows_Flux_and_leaves_nothing()
    {
        ConsoleProcess.Result result = ConsoleProcess.Run(
            "-NonInteractive",
            "-Sandbox",
            "-Command",
            "(Get-FluxStatus).Name; $c = Get-HomelabConnection; \"config $($c.KubeConfigPath)\"; \"clone $($c.Repository)\"; \"sandbox $($c.IsSandbox)\"");
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("apps", lines);
        Assert.Contains("sandbox True", lines);
        Assert.False(File.Exists(Value(lines, "config ")));
        Assert.False(Directory.Exists(Value(lines, "clone ")));
    }

    [Theory]
    [InlineData("", "Test-Homelab -Area Cluster -Quiet", "True", 0)]
    [InlineData("$null = Suspend-HomelabNode k3s-cp1; ", "Test-Homelab -Area Cluster -Quiet", "False", 1)]
    public void A_quiet_test_decides_over_the_exit_code(string fault, string command, string said, int expected)
    {
        // The first look comes when all is up.
        const string Settle = "foreach ($i in 1..300) { if (Test-Homelab -Area Cluster -Quiet) { break }; [Threading.Thread]::Sleep(500) }; ";
        ConsoleProcess.Result result = ConsoleProcess.Run("-NonInteractive", "-Sandbox", "-Command", Settle + fault + command);
        Assert.EndsWith($"{said}\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(expected, result.ExitCode);
    }

    /// <summary>What stands behind a key in one of the lines.</summary>
    internal static string Value(string[] lines, string key) => lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
}
