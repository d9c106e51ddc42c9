using HomelabOps.Bench.Cluster;

namespace HomelabOps.Bench.Rows;

/// <summary>What it costs to find the root cause of everything that is blocked, beyond reading the same lists.</summary>
internal static class CauseRows
{
    public const string Group = "causes";

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, Filler filler)
    {
        await filler.BlockedAsync(context.Options.Kustomizations);

        // Nothing matches the second name: the lists are read and nobody is explained or written.
        var times = context.Interleave()
            .Time("all", () => context.Module.Run($"Get-FluxStatus -Namespace {Filler.BlockedNamespace} | Out-Null"))
            .Time("none", () => context.Module.Run($"Get-FluxStatus no-such-* -Namespace {Filler.BlockedNamespace} | Out-Null"))
            .Medians();
        return
        [
            Row.Above(Group, $"Get-FluxStatus, {context.Options.Kustomizations} blocked Kustomizations in chains of {Documents.ChainLength}, warm", times["all"], "the lists alone", times["none"], 300),
        ];
    }
}
