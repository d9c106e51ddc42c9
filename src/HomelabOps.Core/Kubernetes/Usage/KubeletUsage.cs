using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>
/// Reads what is in use from one kubelet. Its <c>usageNanoCores</c> of a node was seen to be fifty times too high, now and
/// then and within what the node has, while the counter <c>usageCoreNanoSeconds</c> was right. So where the figure cannot
/// be true (more than the node's capacity), or nothing among the pods accounts for it, the rate is taken from two readings
/// of the counter; and where no second one comes in time, from the sum of the pods, which leaves out the system's own share.
/// </summary>
internal sealed class KubeletUsage(ClusterClient client, string node, double? capacity)
{
    // The kubelet measures every 10 to 15 seconds.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // A share of the node that services outside pods (on k3s the server itself) may well have without being doubted.
    private const double UnaccountedShare = 0.1;

    // A reading serves the next call as well: one of a moment ago saves waiting for a second one.
    private static readonly TimeSpan OldestReading = TimeSpan.FromMinutes(2);
    private static readonly ConditionalWeakTable<ClusterClient, ConcurrentDictionary<string, SummaryCpuWire>> Readings = [];

    public Measurement? Node { get; private set; }

    public Dictionary<(string Namespace, string Name), Measurement> Pods { get; } = [];

    public HomelabException? Failure { get; private set; }

    public List<Notice> Notices { get; } = [];

    public async Task<KubeletUsage> ReadAsync(bool wantsNode, CancellationToken cancellationToken)
    {
        try
        {
            var summary = await SummaryAsync(cancellationToken);
            foreach (var pod in summary.Pods ?? [])
            {
                if (pod.Cpu?.UsageNanoCores is { } cores && pod.Memory?.WorkingSetBytes is { } memory)
                {
                    Pods[(pod.PodRef.Namespace ?? "", pod.PodRef.Name ?? "")] = new Measurement(cores / 1e9, memory, pod.Cpu.Time);
                }
            }

            if (wantsNode && summary.Node is { Cpu: { } cpu, Memory.WorkingSetBytes: { } inUse })
            {
                Node = new Measurement(await CoresAsync(cpu, cancellationToken), inUse, cpu.Time);
            }
        }
        catch (HomelabException error)
        {
            Failure = error;
        }

        return this;
    }

    /// <summary>Whether a figure of a node cannot be true, or nothing speaks for it.</summary>
    internal static bool IsDoubtful(double? cores, double podCores, double? capacity) =>
        cores is not { } value || (capacity is > 0 and { } most && (value > most || value - podCores > most * UnaccountedShare));

    /// <summary>Cores between two readings of the counter; null when they are the same one or the counter was reset.</summary>
    internal static double? Rate(SummaryCpuWire? earlier, SummaryCpuWire later) =>
        earlier is { Time: { } from, UsageCoreNanoSeconds: { } before } && later is { Time: { } to, UsageCoreNanoSeconds: { } after } && to > from && after >= before
            ? (after - before) / (to - from).TotalSeconds / 1e9
            : null;

    private async Task<double> CoresAsync(SummaryCpuWire first, CancellationToken cancellationToken)
    {
        var readings = Readings.GetValue(client, _ => new(StringComparer.Ordinal));
        var earlier = readings.GetValueOrDefault(node);
        readings[node] = first;
        var (stated, ofPods) = (first.UsageNanoCores / 1e9, Pods.Values.Sum(pod => pod.Cpu));
        if (!IsDoubtful(stated, ofPods, capacity))
        {
            return stated!.Value;
        }

        if (first.Time - earlier?.Time < OldestReading && Rate(earlier, first) is { } known)
        {
            return known;
        }

        Notices.Add(new VerboseNotice(Errors.Text("UsageSampling", node, LongestWait.TotalSeconds.ToString(CultureInfo.InvariantCulture))));
        var end = Environment.TickCount64 + (long)LongestWait.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            await Task.Delay(Pause, cancellationToken);
            var next = (await SummaryAsync(cancellationToken)).Node?.Cpu;
            if (next is not null && Rate(first, next) is { } rate)
            {
                readings[node] = next;
                return rate;
            }
        }

        return ofPods;
    }

    private async Task<SummaryWire> SummaryAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await KubeletSummary.ReadAsync(client, node, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.UsageUnavailableNode(client.Name, node, Errors.Text("Detail_NodeSilent", Limit.TotalSeconds));
        }
    }
}
