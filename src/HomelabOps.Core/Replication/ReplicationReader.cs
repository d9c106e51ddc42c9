using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication;

/// <summary>Reads VolSync's replications.</summary>
public static class ReplicationReader
{
    /// <summary>Gives the sources while they arrive, then the destinations.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which replications.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">VolSyncNotInstalled, AccessDenied.</exception>
    public static async IAsyncEnumerable<Streamed<ReplicationStatus>> ReadAsync(ClusterClient client, ReplicationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var types = await ReplicationTypes.FindAsync(client, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Both ends are read whatever is asked for: each tells something of the other.
            var list = new ListQuery { Namespace = query.References.Count > 0 ? null : query.Objects.ToListQuery().Namespace, LabelSelector = query.Objects.Selector };
            var reading = query.Pods ?? ReplicationPods.ReadAsync(client, list.Namespace, stop.Token);
            var destinations = DestinationsAsync(client, types.Destination, list, stop.Token);
            var pods = await reading;
            foreach (var notice in pods.Notices)
            {
                yield return notice;
            }

            var mapper = new ReplicationMapper(pods, new(pods, query.Config), client.Name, query.Now ?? DateTimeOffset.UtcNow);
            var pairs = new ReplicationPairs([.. (await destinations).Select(item => (mapper.Map(item, ReplicationTypes.DestinationKind), item))]);
            var selection = new ReplicationSelection(client, query, pods);
            await foreach (var item in client.ListAsync(types.Source, list, ReplicationWireContext.Default.ReplicationWire, cancellationToken: stop.Token))
            {
                foreach (var record in pairs.Add(mapper.Map(item, ReplicationTypes.SourceKind), item).Where(selection.Accepts))
                {
                    yield return record;
                }
            }

            foreach (var record in pairs.Rest().Where(selection.Accepts))
            {
                yield return record;
            }

            foreach (var error in await selection.MissingAsync(cancellationToken))
            {
                yield return new FailureNotice(error);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task<List<ReplicationWire>> DestinationsAsync(ClusterClient client, ResourceType? type, ListQuery query, CancellationToken cancellationToken)
    {
        var found = new List<ReplicationWire>();
        if (type is not null)
        {
            await foreach (var item in client.ListAsync(type, query, ReplicationWireContext.Default.ReplicationWire, cancellationToken: cancellationToken))
            {
                found.Add(item);
            }
        }

        return found;
    }
}
