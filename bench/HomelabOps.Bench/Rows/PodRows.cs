using System.Diagnostics;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>Get-HomelabPod beside the download of the list and beside kubectl.</summary>
internal static class PodRows
{
    public const string Group = "pods";
    public const string All = "api/v1/pods";
    private const string First = "foreach ($once in 1) { Get-HomelabPod | ForEach-Object { [HomelabOps.Bench.Hosting.FirstRecord]::Mark(); break } }";

    public static IReadOnlyList<Row> Measure(Context context)
    {
        long kubectlPeak = 0, ownPeak = 0;
        var times = context.Interleave()
            .Time("curl", () => context.Curl(All))
            .Time("ours", () => context.Module.Run("Get-HomelabPod | Out-Null"))
            .Add("first", () => TimeToFirst(context))
            .Add("heap", () => Memory.GrowthDuring(() => context.Module.Run("Get-HomelabPod | Out-Null")))
            .Add("kubectl", () =>
            {
                var usage = context.Kubectl(watchMemory: true);
                kubectlPeak = Math.Max(kubectlPeak, usage.PeakBytes);
                return usage.Milliseconds;
            })
            .Add("process", () =>
            {
                var usage = context.Host($"{context.Import}; Get-HomelabPod -KubeConfig {context.KubeConfig} | Out-Null", watchMemory: true);
                ownPeak = Math.Max(ownPeak, usage.PeakBytes);
                return usage.Milliseconds;
            })
            .Medians();
        var pods = context.Options.Pods;
        return
        [
            Row.Ratio(Group, $"Get-HomelabPod, {pods} pods, warm", times["ours"], "curl", times["curl"], 1.5),
            Row.Ratio(Group, "the same", times["ours"], "kubectl -o json", times["kubectl"], 0.2),
            Row.Ratio(Group, "its first record", times["first"], "curl of all", times["curl"], 0.5),
            Row.Bytes(Group, "growth of the managed heap", times["heap"], limit: 32 << 20),
            Row.Ratio(Group, "in a new process, import and all", times["process"], "kubectl -o json", times["kubectl"], null),
            Row.Bytes(Group, "its peak working set", ownPeak, $"kubectl {Row.Size(kubectlPeak)}"),
        ];
    }

    private static double TimeToFirst(Context context)
    {
        var start = Stopwatch.GetTimestamp();
        context.Module.Run(First);
        return Stopwatch.GetElapsedTime(start, FirstRecord.Time).TotalMilliseconds;
    }
}
