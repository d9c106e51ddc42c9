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

    /// <summary>What stands behind a key in one of the lines.</summary>
    internal static string Value(string[] lines, string key) => lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
}
