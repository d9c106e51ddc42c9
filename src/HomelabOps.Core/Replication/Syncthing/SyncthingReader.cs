using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Asks the Syncthings of a cluster how far they are.</summary>
public static class SyncthingReader
{
    private const int AtOnce = 8;

    /// <summary>Gives a record for each folder and peer of each Syncthing. One that does not answer is a record that says so.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which Syncthings.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<SyncthingStatus>> ReadAsync(ClusterClient client, SyncthingQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var found = await SyncthingTargets.FindAsync(client, query, cancellationToken);
        foreach (var notice in found.Notices)
        {
            yield return notice;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var gate = new SemaphoreSlim(AtOnce);
        var readings = found.Targets.Select(target => AskAsync(client, target, gate, stop.Token)).ToList();
        try
        {
            // In their order, while the next ones are being asked.
            foreach (var reading in readings)
            {
                foreach (var record in await reading)
                {
                    yield return record;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(readings)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The records of one Syncthing.</summary>
    internal static async Task<IReadOnlyList<SyncthingStatus>> AskAsync(ClusterClient client, SyncthingTarget target, CancellationToken cancellationToken)
    {
        try
        {
            if (target.Pod is not { Ready: true })
            {
                throw Errors.SyncthingNotRunning(target.Source, target.Pod);
            }

            using var api = new SyncthingApi(client, target, await SyncthingKey.ReadAsync(client, target, cancellationToken));
            return [.. SyncthingMapper.Map(target, await SyncthingProbe.ReadAsync(api, cancellationToken))];
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return [SyncthingMapper.Map(target, error)];
        }
    }

    private static async Task<IReadOnlyList<SyncthingStatus>> AskAsync(ClusterClient client, SyncthingTarget target, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(client, target, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }
}
