using System.Text.Json.Nodes;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>A homelab with applications of every kind, and what the diagnosis says of it.</summary>
public sealed class DiagnosedHomelab : FaultyHomelab
{
    /// <summary>Its settings.</summary>
    internal static HomelabConfig Config { get; } = new() { Mounts = [new() { Path = "/data/media", Source = "192.168.1.10:/mnt/user/media", Version = "4.2", Nodes = ["k3s-w1", "k3s-w2"] }] };

    protected override int Apps => 11;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The findings as they are now.</summary>
    public async Task<IReadOnlyList<HomelabFinding>> FindAsync()
    {
        var query = new HomelabTestQuery { Config = Config };
        return [.. HomelabTester.Find(await new SnapshotReader(Homelab.Client, query).ReadAsync(Stop), query)];
    }

    /// <summary>Waits until all is well, and nothing is told. A run that has failed is told until the next one has not.</summary>
    public async Task UntilNothingIsFoundAsync()
    {
        await UntilWellAsync();
        IReadOnlyList<HomelabFinding> found = [];
        try
        {
            await UntilAsync(async () => (found = await FindAsync()).Count == 0, "nothing is found", TimeSpan.FromMinutes(5));
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Text(found));
            throw;
        }
    }

    /// <summary>Lets time pass until the findings are as wanted, or for so long; and for so many looks, since on a slow machine each takes long.</summary>
    internal async Task<IReadOnlyList<HomelabFinding>> FindUntilAsync(Func<IReadOnlyList<HomelabFinding>, bool> wanted, TimeSpan step, TimeSpan patience, int looks = 0)
    {
        var end = DateTime.UtcNow + patience;
        for (var look = 1; ; look++)
        {
            var found = await FindAsync();
            if (wanted(found) || (DateTime.UtcNow > end && look >= looks))
            {
                return found;
            }

            // Not all that waits for a time notices at once that it has come.
            Homelab.Clock.Advance(step);
            await Task.Delay(300, Stop);
        }
    }

    /// <summary>Lets time pass at once, and waits until nodes and scheduler have noticed: leases are of now, no pod is new to the scheduler, and probes are missed again, as in a homelab whose time does not jump.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        Homelab.Clock.Advance(time);
        await UntilAsync(() => Task.FromResult(All(ResourceType.Pod).All(pod => Cells.Text(pod, "spec.nodeName").Length > 0 || Has(pod, "PodScheduled"))), "the scheduler has looked at every pod", TimeSpan.Zero);
        await UntilAsync(
            () => Task.FromResult(All(ResourceType.Node).Where(node => Has(node, "Ready", "True")).All(node => All(Types.Lease).Any(lease => Name(lease) == Name(node) && Homelab.Clock.GetUtcNow() - Timestamps.Parse(Cells.Text(lease, "spec.renewTime")) < TimeSpan.FromSeconds(50)))),
            "every node that is ready has written its lease",
            TimeSpan.Zero);
        var now = Homelab.Clock.GetUtcNow();
        await UntilAsync(async () => await AreProbedAsync(now), "what misses its probe has missed it again", TimeSpan.Zero);

        static string Name(JsonObject item) => Cells.Text(item, "metadata.name");
        static bool Has(JsonObject item, string type, string? status = null) => item["status"]?["conditions"] is JsonArray conditions && conditions.Any(condition => (string?)condition!["type"] == type && (status is null || (string?)condition["status"] == status));
    }

    // Kubelets probe every few seconds, also while time jumps.
    private async Task<bool> AreProbedAsync(DateTimeOffset since)
    {
        var again = All(ResourceType.Pod).Where(pod => Cells.Items(pod, "status.containerStatuses").Any(container => Cells.Number(container, "restartCount") > 0 && container["state"]?["running"] is not null)).Select(pod => Cells.Text(pod, "metadata.uid")).ToHashSet(StringComparer.Ordinal);
        if (again.Count == 0)
        {
            return true;
        }

        var missed = new Dictionary<string, bool>(StringComparer.Ordinal);
        await foreach (var item in Homelab.Client.ListAsync(ResourceType.Event, new ListQuery { FieldSelector = "reason=Unhealthy" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Stop))
        {
            if (Cells.Text(item.Json, "message").StartsWith("Liveness", StringComparison.Ordinal))
            {
                var pod = Cells.Text(item.Json, "involvedObject.uid");
                missed[pod] = missed.GetValueOrDefault(pod) || Timestamps.Parse(Cells.Text(item.Json, "lastTimestamp")) >= since;
            }
        }

        return again.All(pod => missed.GetValueOrDefault(pod, defaultValue: true));
    }

    internal static string Text(IEnumerable<HomelabFinding> findings) =>
        string.Join('\n', findings.Select(finding => $"{finding.Severity} {finding.Reason} {finding.Target}: {finding.Message} | {string.Join(" | ", finding.Evidence)}"));
}
