using System.Collections.Concurrent;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Core.Reporting;

/// <summary>Reads what a report tells, all parts at the same time. What cannot be read is a gap, and never the end of the report.</summary>
/// <param name="client">The cluster.</param>
/// <param name="query">How the homelab is tested.</param>
internal sealed class ReportReader(ClusterClient client, HomelabTestQuery query)
{
    private static readonly ResourcePattern[] Everything = [new("*")];

    private readonly ConcurrentQueue<ReportGap> _gaps = [];

    /// <summary>It is the embedded homelab of a session, which no server tells of itself.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <exception cref="HomelabException">AuthenticationFailed and what else ends every request.</exception>
    public async Task<HomelabReport> ReadAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await ReadAllAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<HomelabReport> ReadAllAsync(CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        var reader = new SnapshotReader(client, query);
        var snapshot = reader.ReadAsync(stop);
        var connection = TryAsync("cluster", () => ConnectionReader.ReadAsync(client, stop));
        var apps = ListAsync("apps", AppReader.ReadAsync(client, new AppQuery { Config = query.Config }, stop));
        var nodes = ListAsync("nodes", NodeReader.ReadAsync(client, new ObjectQuery(), stop));
        var usage = ListAsync("usage", UsageReader.ReadAsync(client, new UsageQuery { Nodes = Everything, Pods = Everything }, stop));
        var volumes = ListAsync("volumes", VolumeReader.ReadAsync(client, new VolumeQuery { Config = query.Config }, stop));
        var operations = TryAsync("operations", () => OperationQuery.ReadAsync(OperationStore.ForUser(), [], error => Lacks("operations", error.Message), stop));
        var read = await snapshot;
        foreach (var notice in reader.Notices)
        {
            Note("findings", notice);
        }

        // A cluster that is down says the same of every kind.
        foreach (var failure in read.Failures.GroupBy(failure => failure.Error.Message))
        {
            Lacks("findings", failure.Count() > 1 ? failure.Key : $"{failure.First().What}: {failure.Key}");
        }

        var findings = HomelabTester.Find(read, query).ToList();
        return new()
        {
            Cluster = client.Name,
            Server = OperationQuery.ServerOf(client),
            Time = DateTimeOffset.Now,
            Connection = await connection is { } connected ? connected with { IsSandbox = IsSandbox } : null,
            Findings = findings,
            Flux = read.Flux,
            Replications = read.Replications,
            Syncthings = read.Syncthings,
            Certificates = read.Certificates is null ? null : [.. read.Certificates, .. OfWebhook(read.Webhook)],
            Apps = await apps,
            Nodes = await nodes,
            Usage = await usage,
            Volumes = await volumes,
            Operations = await operations,
            Gaps = [.. _gaps.Distinct()],
            Duration = TimeProvider.System.GetElapsedTime(began),
        };
    }

    // Its own check tells when it ends too early; a report names the end of each.
    private static IEnumerable<CertificateFacts> OfWebhook(MetalLBWebhookStatus? webhook) =>
        webhook is { NotAfter: { } end } ? [new(new(webhook.Cluster, "Secret", webhook.Namespace, webhook.SecretName), ReportWords.OfWebhook, new(end))] : [];

    private async Task<IReadOnlyList<T>?> ListAsync<T>(string part, IAsyncEnumerable<Streamed<T>> reading) => await TryAsync(part, async () =>
    {
        var items = new List<T>();
        await foreach (var item in reading)
        {
            if (item.Notice is { } notice)
            {
                Note(part, notice);
            }
            else
            {
                items.Add(item.Value!);
            }
        }

        return items;
    });

    private async Task<T?> TryAsync<T>(string part, Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Lacks(part, error.Message);
            return null;
        }
    }

    private void Note(string part, Notice notice)
    {
        if (notice is WarningNotice { Text: var warning })
        {
            Lacks(part, warning);
        }
        else if (notice is FailureNotice { Error: var error })
        {
            Lacks(part, error.Message);
        }
    }

    private void Lacks(string part, string message) => _gaps.Enqueue(new(part, message));
}
