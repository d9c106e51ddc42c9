using System.Diagnostics;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>The real git, as a user runs it.</summary>
internal static class GitCommand
{
    /// <summary>Runs git and gives what it wrote, trimmed; fails the test where git does.</summary>
    public static string Run(string folder, params string[] arguments) => TryRun(folder, arguments) is { ExitCode: 0 } done ? done.Output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {TryRun(folder, arguments).Output}");

    /// <summary>Runs git and tells how it ended, with output and errors together.</summary>
    public static (int ExitCode, string Output) TryRun(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, (process.ExitCode == 0 ? output : output + errors.Result).Trim());
    }
}
