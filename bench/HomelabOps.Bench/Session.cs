using System.Reflection;
using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Rows;

namespace HomelabOps.Bench;

/// <summary>Fills the server, measures, prints the table, empties the server.</summary>
internal static class Session
{
    public static async Task RunAsync(CommandLine options)
    {
        var load = Facts.LoadAverage();
        var module = FindModule(options);
        using var access = ServerAccess.Read(options.KubeConfig);
        using var api = new ServerApi(access.CreateClient());
        using var cache = new TemporaryFolder();

        // The module's own cache, of this process and of those it starts, is not the user's.
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", cache.Path);
        var filler = new Filler(api, Say);
        using var interruption = new Interruption(EmptyAsync);
        try
        {
            var rows = new List<Row>();
            using var hosted = new HostedModule(module, options.KubeConfig);
            var context = new Context(options, access, api, hosted, module, cache.Path);
            await MeasureAsync(StartRows.Group, () => StartRows.MeasureAsync(context, "as it is"));
            if (options.Wants(FluxRows.Group) || options.Wants(StartRows.Group))
            {
                await filler.KustomizationsAsync(options.Kustomizations);
            }

            await MeasureAsync(StartRows.Group, () => StartRows.MeasureAsync(context, "filled"));
            var needsPods = options.Wants(PodRows.Group) || options.Wants(StopRows.Group);
            if (needsPods)
            {
                await filler.PodsAsync(options.Pods, options.Pods);
            }

            await MeasureAsync(FluxRows.Group, () => FluxRows.MeasureAsync(context));
            await MeasureAsync(CauseRows.Group, () => CauseRows.MeasureAsync(context, filler));
            foreach (var (group, measure) in WithoutFilling(context, filler))
            {
                await MeasureAsync(group, () => Task.FromResult(measure()));
            }

            await MeasureAsync(PodRows.Group, () => Task.FromResult(PodRows.Measure(context)));
            await MeasureAsync(ReplicationRows.Group, () => ReplicationRows.MeasureAsync(context, filler));
            await MeasureAsync(DiagnosisRows.Group, () => DiagnosisRows.MeasureAsync(context, filler));
            await MeasureAsync(StopRows.Group, () => Task.FromResult(StopRows.Measure(context)));
            var foreign = needsPods ? await filler.ForeignPodsAsync(options.Pods) : 0;
            if (options.Wants(ManyPodsRows.Group))
            {
                await filler.PodsAsync(options.Pods, options.ManyPods);
                foreign = await filler.ForeignPodsAsync(options.ManyPods);
            }

            await MeasureAsync(ManyPodsRows.Group, () => Task.FromResult(ManyPodsRows.Measure(context)));
            await MeasureAsync(SandboxRows.Group, () => SandboxRows.MeasureAsync(context, filler, Say));
            Console.WriteLine(await Facts.DescribeAsync(api, options, load, foreign));
            Console.WriteLine();
            Console.Write(Table.Render(rows, options.Markdown));

            async Task MeasureAsync(string group, Func<Task<IReadOnlyList<Row>>> measure)
            {
                if (options.Wants(group))
                {
                    Say($"measuring {group}");
                    rows.AddRange(await measure());
                }
            }
        }
        finally
        {
            await EmptyAsync();
        }

        Task EmptyAsync() => options.Keep ? Task.CompletedTask : filler.RemoveAsync();
    }

    // What brings what it needs.
    private static (string Group, Func<IReadOnlyList<Row>> Measure)[] WithoutFilling(Context context, Filler filler) =>
        [(ReconcileRows.Group, () => ReconcileRows.Measure(context)), (ProbeRows.Group, () => ProbeRows.Measure(context)), (CommitRows.Group, () => CommitRows.Measure(context)), (ManifestRows.Group, () => ManifestRows.Measure(context)), (ReportRows.Group, () => ReportRows.Measure(context)),
            (WatchRows.Group, () => WatchRows.MeasureAsync(context, filler).GetAwaiter().GetResult())];

    private static string FindModule(CommandLine options)
    {
        var folder = options.Module ?? typeof(Session).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "StagedModule").Value!;
        var manifest = Path.Combine(folder, "HomelabOps.psd1");
        return File.Exists(manifest) ? manifest : throw new BenchException($"There is no module at '{manifest}': build Module.sln first, or name its folder with --module.");
    }

    private static void Say(string text) => Console.Error.WriteLine($"  {text}");
}
