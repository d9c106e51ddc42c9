using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>New processes: what the import and the first command cost over the bare host.</summary>
internal static class StartRows
{
    public const string Group = "start";
    private const string Nothing = "$null = 1";

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, string state)
    {
        var lists = await FluxLists.FindAsync(context.Api);
        return
        [
            .. Measure(context, lists, state, "bare host", script => context.Host(script)),
            .. context.Options.Pwsh is null ? [] : Measure(context, lists, state, "bare pwsh", context.Pwsh),
        ];
    }

    private static Row[] Measure(Context context, IReadOnlyList<string> lists, string state, string name, Func<string, ChildProcess.Usage> host)
    {
        var first = $"{context.Import}; Get-FluxStatus -KubeConfig {context.KubeConfig} | Out-Null";
        var times = context.Interleave()
            .Add("bare", () => host(Nothing).Milliseconds)
            .Add("import", () => host(context.Import).Milliseconds)
            .Add("warm", () => host(first).Milliseconds)
            .Add("cold", () =>
            {
                ForgetDiscovery(context);
                return host(first).Milliseconds;
            })
            .Time("curl", () => context.Curl(lists))
            .Medians();
        return
        [
            Row.Above(Group, "a new process that imports", times["import"], name, times["bare"], 100),
            Row.Above(Group, $"import and first Get-FluxStatus, server {state}", times["warm"], name, times["bare"], 250),
            Row.Above(Group, $"the same without a discovery cache, {state}", times["cold"], name, times["bare"], 250),
            Row.Ratio(Group, $"what the first Get-FluxStatus adds, {state}", times["warm"] - times["import"], "curl, in turn", times["curl"], null),
        ];
    }

    private static void ForgetDiscovery(Context context)
    {
        var folder = Path.Combine(context.CacheFolder, "homelabops");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
