using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>Watches the objects of Flux.</summary>
public static class FluxWatcher
{
    /// <summary>
    /// Gives the objects as they are, then each that changes, until cancelled. An object that was given because of its
    /// state is given once more when it leaves that state, so that a recovery is seen; one that is deleted says so.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which objects.</param>
    /// <param name="cancellationToken">Ends the watches.</param>
    public static async IAsyncEnumerable<Streamed<FluxResource>> WatchAsync(
        ClusterClient client,
        FluxQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var scope = await FluxTypes.ScopeAsync(client, query, cancellationToken);
        foreach (var unknown in scope.Failures)
        {
            yield return new FailureNotice(unknown);
        }

        await foreach (var item in scope.IsNothing ? AsyncEnumerable.Empty<Streamed<FluxResource>>() : WatchAsync(client, scope.Types, scope.Query, cancellationToken))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<Streamed<FluxResource>> WatchAsync(
        ClusterClient client,
        IReadOnlyList<ResourceType> types,
        FluxQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new ObjectFilter(query.Objects);
        var graph = new FluxGraph(FluxReader.Unknown(query, []));
        var initial = new List<FluxResource>();
        var shown = new HashSet<ResourceReference>();
        var synchronizing = types.Count;
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var streams = types.Select(type => WatchKindAsync(client, type, query, cancellationToken)).ToArray();
        await foreach (var (objectKind, kind, changed, failure) in Merge.All(streams, cancellationToken))
        {
            if (kind is null || failure is not null)
            {
                graph.Ignore(objectKind);
            }

            if (kind is null)
            {
                continue;
            }

            if (failure?.Kind == ErrorKind.PermissionDenied && synchronizing > 0)
            {
                refused.Add(objectKind);
            }
            else if (failure is not null && query.AcceptsKind(objectKind))
            {
                yield return new FailureNotice(failure);
            }

            if (synchronizing == 1 && changed is null && FluxAccess.Denied(client, query, "list", types, type => refused.Contains(type.Kind)) is { } denied)
            {
                yield return new FailureNotice(denied);
            }

            if (changed is null)
            {
                synchronizing--;
                foreach (var item in synchronizing == 0 ? Begin(client, graph, filter, initial) : [])
                {
                    yield return item;
                }

                continue;
            }

            var resource = kind == WatchEventKind.Deleted ? Deleted(changed) : changed;
            if (kind == WatchEventKind.Deleted)
            {
                graph.Remove(resource);
            }
            else
            {
                graph.Set(resource);
            }

            if (!query.AcceptsKind(resource.Kind) || !filter.Accepts(resource.Kind, resource.Namespace, resource.Name))
            {
                continue;
            }

            var isWanted = kind != WatchEventKind.Deleted && query.Accepts(resource);
            var wasShown = isWanted ? !shown.Add(resource.Reference) : shown.Remove(resource.Reference);
            if (synchronizing > 0)
            {
                initial.RemoveAll(item => item.Reference == resource.Reference);
                initial.AddRange(isWanted ? [resource] : Array.Empty<FluxResource>());
            }
            else if (isWanted || wasShown)
            {
                yield return graph.Explain(resource);
            }
        }
    }

    private static IEnumerable<Streamed<FluxResource>> Begin(ClusterClient client, FluxGraph graph, ObjectFilter filter, List<FluxResource> initial)
    {
        foreach (var item in initial.OrderBy(item => FluxKind.Order(item.Kind)))
        {
            yield return graph.Explain(item);
        }

        foreach (var error in filter.Missing(client.Name, "FluxResource", "Flux object"))
        {
            yield return new FailureNotice(error);
        }
    }

    private static FluxResource Deleted(FluxResource resource) => resource with
    {
        Ready = ConditionStatus.Unknown,
        Suspended = false,
        Stale = false,
        Reason = "Deleted",
        Message = "was deleted",
    };

    private static async IAsyncEnumerable<Change> WatchKindAsync(ClusterClient client, ResourceType type, FluxQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var only = query.Fallback;
        var began = false;
        await foreach (var change in WatchKindAsync(client, type, query, null, cancellationToken))
        {
            if (change.Failure?.Kind != ErrorKind.PermissionDenied || only is null || began)
            {
                began = true;
                yield return change;
                continue;
            }

            // Perhaps the one namespace that was asked for may be read.
            yield return new Change(type.Kind, null, null, null);
            await foreach (var own in WatchKindAsync(client, type, query, only, cancellationToken))
            {
                yield return own;
            }
        }
    }

    private static IAsyncEnumerable<Change> WatchKindAsync(ClusterClient client, ResourceType type, FluxQuery query, string? @namespace, CancellationToken cancellationToken)
    {
        var list = new ListQuery { Namespace = @namespace, LabelSelector = query.Objects.Selector };
        var json = FluxWireContext.Default;
        return type.Kind switch
        {
            FluxKind.Kustomization => Map(client.WatchAsync(type, list, json.KustomizationWire, cancellationToken), type.Kind, client.Name),
            FluxKind.HelmRelease => Map(client.WatchAsync(type, list, json.HelmReleaseWire, cancellationToken), type.Kind, client.Name),
            _ when FluxKind.Sources.Contains(type.Kind) => Map(client.WatchAsync(type, list, json.SourceWire, cancellationToken), type.Kind, client.Name),
            _ => Map(client.WatchAsync(type, list, json.FluxOtherWire, cancellationToken), type.Kind, client.Name),
        };
    }

    // A kind that may not be read must not end the others, and does not concern whoever asked for another kind.
    private static async IAsyncEnumerable<Change> Map<T>(IAsyncEnumerable<WatchEvent<T>> events, string kind, string cluster)
        where T : FluxWire
    {
        await using var items = events.GetAsyncEnumerator();
        while (true)
        {
            HomelabException? failure = null;
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                failure = error;
            }

            if (failure is not null)
            {
                yield return new Change(kind, WatchEventKind.Synchronized, null, failure);
                yield break;
            }

            var change = items.Current;
            yield return new Change(kind, change.Kind, change.Object is { } wire ? FluxMapper.Map(wire, kind, cluster) : null, null);
        }
    }

    // Without a kind of event: only a part of the objects can be read from here on.
    private sealed record Change(string ObjectKind, WatchEventKind? Kind, FluxResource? Resource, HomelabException? Failure);
}
