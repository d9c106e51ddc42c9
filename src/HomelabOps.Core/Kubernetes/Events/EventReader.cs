using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Events;

/// <summary>Reads events.</summary>
public static class EventReader
{
    /// <summary>Gives the events, the oldest first. They are collected before the first is given, as their order asks for it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which events.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async IAsyncEnumerable<Streamed<HomelabEvent>> ReadAsync(
        ClusterClient client,
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var selection = new EventSelection(client, query);
        var events = new List<HomelabEvent>();
        await foreach (var wire in client.ListAsync(ResourceType.Event, ToListQuery(query), WireContext.Default.EventWire, cancellationToken: cancellationToken))
        {
            var record = EventMapper.Map(wire, client.Name);
            if (selection.Accepts(record))
            {
                events.Add(record);
            }
        }

        foreach (var record in events.OrderBy(record => record.Time))
        {
            yield return record;
        }

        foreach (var error in await selection.MissingAsync(cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    /// <summary>Gives the events that there are, the oldest first, then each new or counted one, until cancelled.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which events.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async IAsyncEnumerable<Streamed<HomelabEvent>> WatchAsync(
        ClusterClient client,
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var selection = new EventSelection(client, query);
        var initial = new List<HomelabEvent>();
        var synchronized = false;
        await foreach (var change in client.WatchAsync(ResourceType.Event, ToListQuery(query), WireContext.Default.EventWire, cancellationToken))
        {
            if (change.Kind == WatchEventKind.Synchronized)
            {
                synchronized = true;
                foreach (var record in initial.OrderBy(record => record.Time))
                {
                    yield return record;
                }

                initial.Clear();
            }
            else if (change is { Kind: not WatchEventKind.Deleted, Object: { } wire } && EventMapper.Map(wire, client.Name) is var record && selection.Accepts(record))
            {
                // An event that expires is deleted; that is no news.
                if (synchronized)
                {
                    yield return record;
                }
                else
                {
                    initial.Add(record);
                }
            }
        }
    }

    private static ListQuery ToListQuery(EventQuery query)
    {
        var fields = new List<string>();
        if (query.Warning)
        {
            fields.Add("type=Warning");
        }

        // The server compares exactly; a name that was typed with capitals is compared here.
        if (query.For is [{ IsWildcard: false } only] && !only.Name.Any(char.IsAsciiLetterUpper))
        {
            fields.Add($"involvedObject.name={only.Name}");
        }

        return new ObjectQuery { Namespaces = query.Namespaces }.ToListQuery(fields.Count == 0 ? null : string.Join(',', fields));
    }
}
