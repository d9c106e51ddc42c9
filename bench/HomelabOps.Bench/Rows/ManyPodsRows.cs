using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>Whether time grows with the list, and memory does not.</summary>
internal static class ManyPodsRows
{
    public const string Group = "many";

    public static IReadOnlyList<Row> Measure(Context context)
    {
        const string Few = $"Get-HomelabPod -Namespace {Filler.PodNamespace} | Out-Null", Many = "Get-HomelabPod | Out-Null";
        var times = context.Interleave()
            .Time("few", () => context.Module.Run(Few))
            .Time("many", () => context.Module.Run(Many))
            .Time("curl", () => context.Curl(PodRows.All))
            .Add("fewHeap", () => Memory.GrowthDuring(() => context.Module.Run(Few)))
            .Add("manyHeap", () => Memory.GrowthDuring(() => context.Module.Run(Many)))
            .Medians();
        var (few, many) = (context.Options.Pods, context.Options.ManyPods);
        return
        [
            Row.Ratio(Group, $"Get-HomelabPod, {many} pods, warm", times["many"], $"{few} pods", times["few"], 4.5 * many / few / 4),
            Row.Ratio(Group, "the same", times["many"], "curl", times["curl"], null),
            Row.Bytes(Group, "growth of the managed heap", times["manyHeap"], $"{few} pods {Row.Size(times["fewHeap"])}", 32 << 20),
        ];
    }
}
