using System.Globalization;
using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>Many watches and many writes at the same time, on an embedded server and on the real one.</summary>
internal static class WatchRows
{
    public const string Group = "sandbox-watches";
    private const double LeastShare = 0.99;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, Filler filler)
    {
        WatchLoad.Result inside;
        var path = context.Module.Text("(Connect-Homelab -Sandbox).KubeConfigPath");
        try
        {
            using var access = ServerAccess.Read(path);
            inside = await new WatchLoad(access, "api/v1/namespaces/default/configmaps").RunAsync();
        }
        finally
        {
            context.Module.Run("Disconnect-Homelab");
        }

        await filler.WatchedAsync();
        var real = await new WatchLoad(context.Access, $"api/v1/namespaces/{Filler.WatchedNamespace}/configmaps").RunAsync();
        return
        [
            new(Group, $"changes a second of an object that {WatchLoad.Watches} watch", Text($"{inside.Rate:0.0}"), Text($"the real server {real.Rate:0.0}"), "", Text($"{WatchLoad.Rate}"), inside.Rate >= WatchLoad.Rate * LeastShare),
            new(Group, Text($"of {inside.Events} events: lost, out of order"), Text($"{inside.Lost}, {inside.Disordered}"), Text($"the real server {real.Lost}, {real.Disordered}"), "", "0, 0", inside is { Lost: 0, Disordered: 0 }),
            new(Group, "how late they are: median, 99 of 100, the last", Late(inside), $"the real server {Late(real)}", Text($"{inside.Late(500) / real.Late(500):0.00}x"), "", null),
        ];
    }

    private static string Late(WatchLoad.Result result) => Text($"{result.Late(500):0}, {result.Late(990):0}, {result.Late(1000):0} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
