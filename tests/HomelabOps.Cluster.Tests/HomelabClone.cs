using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>The embedded homelab's own clone, in which a person would work.</summary>
internal static class HomelabClone
{
    /// <summary>Changes a file, commits and pushes it, and gives the hash of the commit.</summary>
    public static string Edit(SandboxFixture sandbox, string path, Func<string, string> change)
    {
        var clone = sandbox.Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;
        File.WriteAllText(Path.Combine(clone, path), change(File.ReadAllText(Path.Combine(clone, path))));
        Git(clone, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--all", "--message", "Change " + path);
        Git(clone, "push", "--quiet");
        return Git(clone, "rev-parse", "HEAD").Trim();
    }

    private static string Git(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
