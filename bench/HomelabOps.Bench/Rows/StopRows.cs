using System.Diagnostics;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>How soon a command ends that nobody waits for any more, and its requests with it.</summary>
internal static class StopRows
{
    public const string Group = "stop";
    private const double Limit = 200;

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var relay = new Relay(context.Access.Server);
        context.Module.Run($"Connect-Homelab -KubeConfig {HostedModule.Quote(context.Access.KubeConfigThrough(relay.Port))} | Out-Null");
        try
        {
            return Measure(context, relay);
        }
        finally
        {
            context.Module.Run($"Connect-Homelab -KubeConfig {context.KubeConfig} | Out-Null");
        }
    }

    private static Row[] Measure(Context context, Relay relay)
    {
        var still = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var times = context.Interleave()
            .Add("first", () => Watch(relay, still, "first", () => AfterFirst(context)))
            .Add("run", () => Watch(relay, still, "run", () => context.Module.Stop("Get-HomelabPod | Out-Null", TimeSpan.FromMilliseconds(50))))
            .Add("watch", () => Watch(relay, still, "watch", () => context.Module.Stop("Get-HomelabPod -Watch | Out-Null", TimeSpan.FromSeconds(3))))
            .Medians();
        return
        [
            .. Rows("Get-HomelabPod | Select-Object -First 1, from the first record to the end", "first"),
            .. Rows("Ctrl+C 50 ms into Get-HomelabPod", "run"),
            .. Rows("Ctrl+C while Get-HomelabPod -Watch waits", "watch"),
        ];

        IEnumerable<Row> Rows(string what, string name) =>
        [
            Row.Duration(Group, what, times[name], Limit),
            Row.Duration(Group, "until the server is rid of its requests, worst run", still[name].Max(), Limit),
        ];
    }

    // The foreach and the break are what Select-Object -First 1 does; the bare engine has no Select-Object, and this takes
    // the same path through it.
    private static double AfterFirst(Context context)
    {
        context.Module.Run("foreach ($once in 1) { Get-HomelabPod | ForEach-Object { [HomelabOps.Bench.Hosting.FirstRecord]::Mark(); break } }");
        return Stopwatch.GetElapsedTime(FirstRecord.Time).TotalMilliseconds;
    }

    // From the end of the pipeline until nothing flows any more. A watch is silent anyway: there the connection must be
    // closed, and one that stays open is infinite. A list may also end by what is left of a page being read away.
    private static double Watch(Relay relay, Dictionary<string, List<double>> still, string name, Func<double> run)
    {
        var closed = relay.Closed;
        var elapsed = run();
        var end = Stopwatch.GetTimestamp();
        var isClosed = name != "watch" || SpinWait.SpinUntil(() => relay.Closed > closed, TimeSpan.FromSeconds(2));
        var last = relay.Quiet();
        if (!still.TryGetValue(name, out var values))
        {
            still[name] = values = [];
        }

        values.Add(!isClosed ? double.PositiveInfinity : last <= end ? 0 : Stopwatch.GetElapsedTime(end, last).TotalMilliseconds);
        return elapsed;
    }
}
