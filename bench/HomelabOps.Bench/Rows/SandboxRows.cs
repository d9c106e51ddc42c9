using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>The embedded homelab: how soon it is up, what it takes, and its lists beside those of the real server with the same pods.</summary>
internal static class SandboxRows
{
    public const string Group = "sandbox";
    private const string Connect = "Connect-Homelab -Sandbox";

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, Filler filler, Action<string> say)
    {
        var rows = Start(context).ToList();
        var pods = context.Options.ManyPods;
        await filler.PodsAsync(context.Options.Pods, pods);
        var path = context.Module.Text($"({Connect}).KubeConfigPath");
        try
        {
            using var access = ServerAccess.Read(path);
            using var api = new ServerApi(access.CreateClient());
            await new Filler(api, say).PodsAsync(context.Options.Pods, pods);
            var inside = context with { Access = access, Api = api };
            var times = context.Interleave()
                .Time("sandbox", () => inside.Curl(PodRows.All))
                .Time("server", () => context.Curl(PodRows.All))
                .Medians();
            rows.Add(Row.Ratio(Group, $"curl of {pods} pods", times["sandbox"], "the real server", times["server"], 1.5));
            rows.Add(Row.Bytes(Group, "what it answers", await api.LengthAsync(PodRows.All), $"the real server {Row.Size(await context.Api.LengthAsync(PodRows.All))}"));
        }
        finally
        {
            context.Module.Run("Disconnect-Homelab");
        }

        var nodes = Math.Clamp(pods / 100, 3, 200);
        say($"starting {nodes} nodes with {pods} pods");
        var large = context.Host($"{context.Import}; {Connect} -SandboxOption @{{ Nodes = {nodes}; Pods = {pods} }} | Out-Null", watchMemory: true);
        rows.Add(Row.Duration(Group, $"{nodes} nodes and {pods} pods are up, in a new process", large.Milliseconds, null));
        rows.Add(Row.Bytes(Group, "working set of that process", large.PeakBytes));
        return rows;
    }

    private static IEnumerable<Row> Start(Context context)
    {
        var first = $"{context.Import}; {Connect} | Out-Null";
        var (bare, up) = (0d, 0d);
        var times = context.Interleave()
            .Add("import", () => Watch(context.Import, ref bare))
            .Add("first", () => Watch(first, ref up))
            .Time("again", () => context.Module.Run($"{Connect} | Out-Null; Disconnect-Homelab"))
            .Medians();
        return
        [
            Row.Above(Group, "the default homelab is up, first in a new process", times["first"], "import", times["import"], 1000),
            Row.Duration(Group, "the default homelab is up and gone again, in the same process", times["again"], null),
            Row.Bytes(Group, "what it adds to the working set of a new process", up - bare, $"import {Row.Size(bare)}", 150 << 20),
        ];

        double Watch(string script, ref double memory)
        {
            var used = context.Host(script, watchMemory: true);
            memory = Math.Max(memory, used.PeakBytes);
            return used.Milliseconds;
        }
    }
}
