using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>A node of the lab from within, with the rights of its root.</summary>
internal static class NodeShell
{
    /// <summary>Runs a script on a node and gives what it wrote.</summary>
    public static string Run(string node, string script) => LabRun("exec", node, "--", "sh", "-c", script);

    /// <summary>Takes the power of a node, or gives it back. Whatever else is tested on the lab loses the node as well.</summary>
    public static void Power(string node, bool isOn) => LabRun("node", isOn ? "start" : "stop", node);

    /// <summary>Cuts a node off the network while all in it runs on; giving it power ends that.</summary>
    public static void Unplug(string node) => LabRun("node", "unplug", node);

    /// <summary>Takes all that the cluster knows; nodes join again with the data that is on them.</summary>
    public static void Wipe() => LabRun("wipe");

    private static string LabRun(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Build.RepositoryRoot, "tests", "lab", "lab"), arguments) { RedirectStandardOutput = true, UseShellExecute = false };

        // The tests have a cache folder of their own, where no lab is.
        start.Environment["HOMELABOPS_LAB_HOME"] = Path.GetDirectoryName(Path.GetDirectoryName(Lab.KubeConfig));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        return output.Trim();
    }
}
