using HomelabOps.Bench.Cluster;

namespace HomelabOps.Bench.Rows;

/// <summary>Get-FluxStatus beside the download of the same lists.</summary>
internal static class FluxRows
{
    public const string Group = "flux";

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context)
    {
        var lists = await FluxLists.FindAsync(context.Api);
        var times = context.Interleave()
            .Time("curl -Z", () => context.CurlAtOnce(lists))
            .Time("curl", () => context.Curl(lists))
            .Time("ours", () => context.Module.Run("Get-FluxStatus | Out-Null"))
            .Medians();
        return
        [
            Row.Ratio(Group, $"Get-FluxStatus, {context.Options.Kustomizations} Kustomizations, {lists.Count} lists, warm", times["ours"], "curl -Z", times["curl -Z"], 1.5),
            Row.Ratio(Group, "the same", times["ours"], "curl, in turn", times["curl"], 1.5),
        ];
    }
}
