using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>Reads the objects of Flux.</summary>
public static class FluxReader
{
    // Most kinds have few objects or none: a handshake for each would cost more than waiting for a connection in use.
    private const int ConcurrentReads = 4;

    /// <summary>
    /// Gives the objects in the order in which content flows, each with what blocks it. All kinds are read at the same
    /// time, before the first is given, because a cause may be of another kind than what was asked for.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which objects.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<FluxResource>> ReadAsync(
        ClusterClient client,
        FluxQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);

        // Done beside the search for the types and the first handshake, which leave a core idle.
        _ = Task.Run(FluxWireContext.Prepare, CancellationToken.None);
        var scope = await FluxTypes.ScopeAsync(client, query, cancellationToken);
        foreach (var unknown in scope.Failures)
        {
            yield return new FailureNotice(unknown);
        }

        if (scope.IsNothing)
        {
            yield break;
        }

        (var types, query, _) = scope;
        types = query.FlowOnly ? [.. types.Where(type => FluxKind.IsFlow(type.Kind))] : types;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var turns = new SemaphoreSlim(ConcurrentReads);
        var reads = await Task.WhenAll(types.Select(type => ReadInTurnAsync(client, type, query, turns, stop.Token)).ToArray());
        var graph = new FluxGraph(Unknown(query, reads.Where(read => read.IsPartial).Select(read => read.Type.Kind)));
        foreach (var resource in reads.SelectMany(read => read.Resources))
        {
            graph.Set(resource);
        }

        // Who may read none of fourteen kinds is told once.
        var refused = reads.Where(read => read.Failure?.Kind == ErrorKind.PermissionDenied).Select(read => read.Type).ToHashSet();
        if (FluxAccess.Denied(client, query, "list", types, refused.Contains) is { } denied)
        {
            yield return new FailureNotice(denied);
        }

        var filter = new ObjectFilter(query.Objects);
        foreach (var (type, resources, failure, _) in reads)
        {
            if (!query.AcceptsKind(type.Kind))
            {
                continue;
            }

            if (failure is { Kind: not ErrorKind.PermissionDenied })
            {
                yield return new FailureNotice(failure);
            }

            foreach (var resource in resources)
            {
                if (filter.Accepts(resource.Kind, resource.Namespace, resource.Name) && query.Accepts(resource))
                {
                    yield return graph.Explain(resource);
                }
            }
        }

        foreach (var error in await filter.MissingAsync(client, "FluxResource", "Flux object", cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    // A label selector asks for a part of the cluster only.
    internal static HashSet<string> Unknown(FluxQuery query, IEnumerable<string> failed) =>
        new(query.Objects.Selector is null ? failed : FluxKind.All, StringComparer.Ordinal);

    private static async Task<KindRead> ReadInTurnAsync(ClusterClient client, ResourceType type, FluxQuery query, SemaphoreSlim turns, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return await ReadKindAsync(client, type, query, null, cancellationToken);
        }
        finally
        {
            turns.Release();
        }
    }

    private static async Task<KindRead> ReadKindAsync(ClusterClient client, ResourceType type, FluxQuery query, string? @namespace, CancellationToken cancellationToken)
    {
        var resources = new List<FluxResource>();
        try
        {
            await foreach (var wire in ListAsync(client, type, query, @namespace, cancellationToken))
            {
                resources.Add(FluxMapper.Map(wire, type.Kind, client.Name));
            }

            return new KindRead(type, resources, null, @namespace is not null);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied && @namespace is null && query.Fallback is { } only)
        {
            // Perhaps the one namespace that was asked for may be read.
            return await ReadKindAsync(client, type, query, only, cancellationToken);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return new KindRead(type, resources, error, true);
        }
    }

    private static IAsyncEnumerable<FluxWire> ListAsync(ClusterClient client, ResourceType type, FluxQuery query, string? @namespace, CancellationToken cancellationToken)
    {
        // The graph needs all objects, so names and namespaces are filtered here.
        var list = new ListQuery { Namespace = @namespace, LabelSelector = query.Objects.Selector };
        var json = FluxWireContext.Default;
        return type.Kind switch
        {
            FluxKind.Kustomization => client.ListAsync(type, list, json.KustomizationWire, cancellationToken: cancellationToken),
            FluxKind.HelmRelease => client.ListAsync(type, list, json.HelmReleaseWire, cancellationToken: cancellationToken),
            _ when FluxKind.Sources.Contains(type.Kind) => client.ListAsync(type, list, json.SourceWire, cancellationToken: cancellationToken),
            _ => client.ListAsync(type, list, json.FluxOtherWire, cancellationToken: cancellationToken),
        };
    }

    private sealed record KindRead(ResourceType Type, List<FluxResource> Resources, HomelabException? Failure, bool IsPartial);
}
