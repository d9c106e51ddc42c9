using System.Globalization;
using System.Runtime.InteropServices;
using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;

namespace HomelabOps.Bench;

/// <summary>Where and against what was measured: figures without it are worth nothing.</summary>
internal static class Facts
{
    public static string LoadAverage()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Split(' ')[0] : "unknown";
    }

    public static async Task<string> DescribeAsync(ServerApi api, CommandLine options, string load, int foreignPods) => Describe((await api.GetAsync("version"))["gitVersion"]!.GetValue<string>(), options, load, foreignPods);

    private static string Describe(string server, CommandLine options, string load, int foreignPods) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average at start {load}
        server {server}, {options.Pods} and {options.ManyPods} pods (and {foreignPods} that are not the bench's), {options.Kustomizations} Kustomizations
        module {HostedModule.Describe()}; medians of {options.Runs} runs, reference and module in turn
        """);
}
