using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>A node of the lab from within, with the rights of its root.</summary>
internal static class NodeShell
{
    /// <summary>Runs a script on a node and gives what it wrote.</summary>
    public static string Run(string node, string script)
    {
        var start = new ProcessStartInfo(Path.Combine(Build.RepositoryRoot, "tests", "lab", "lab"), ["exec", node, "--", "sh", "-c", script]) { RedirectStandardOutput = true, UseShellExecute = false };

        // The tests have a cache folder of their own, where no lab is.
        start.Environment["HOMELABOPS_LAB_HOME"] = Path.GetDirectoryName(Path.GetDirectoryName(Lab.KubeConfig));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {output}");
        return output.Trim();
    }
}
