using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>The kubectls of this machine. Without one that is recent enough, or the old one, the calling test is skipped.</summary>
internal static class KubectlProgram
{
    private const string OldVariable = "HOMELABOPS_KUBECTL_OLD";
    private static readonly Version Recent = new(1, 31);
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>A kubectl of 1.31 or later: the first that speaks WebSockets.</summary>
    public static string New
    {
        get
        {
            Assert.SkipWhen(Found.Value is null, $"No kubectl of {Recent} or later is in the PATH.");
            return Found.Value!;
        }
    }

    /// <summary>Debian's kubectl 1.20.</summary>
    public static string Old
    {
        get
        {
            var path = Environment.GetEnvironmentVariable(OldVariable);
            Assert.SkipWhen(string.IsNullOrEmpty(path), $"{OldVariable} does not name a kubectl 1.20, such as that of Debian's kubernetes-client.");
            Assert.True(VersionOf(path!) is { Major: 1, Minor: 20 }, $"{OldVariable} names a kubectl of another version: {path}");
            return path!;
        }
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path) && VersionOf(path) >= Recent);
    }

    private static Version? VersionOf(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(path, ["version", "--client", "-o", "json"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var text = process.ExitCode == 0 ? (string?)JsonNode.Parse(output)?["clientVersion"]?["gitVersion"] : null;
        return Version.TryParse(text?.TrimStart('v').Split('-', '+')[0], out var version) ? version : null;
    }
}
