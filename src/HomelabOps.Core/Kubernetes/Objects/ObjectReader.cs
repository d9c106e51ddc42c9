using System.Runtime.CompilerServices;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Discovery;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Reads objects of any kind whole.</summary>
public static class ObjectReader
{
    // So many single objects are read one by one; for more a list costs less.
    private const int MostSingleReads = 32;

    /// <summary>Gives the objects while they arrive.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which objects.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<RawObject>> ReadAsync(
        ClusterClient client,
        RawObjectQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        foreach (var (kind, names) in ByKind(query))
        {
            if (kind.Length == 0)
            {
                yield return new FailureNotice(Errors.KindRequired(names.Count == 0 ? null : names[0].Text));
                continue;
            }

            var candidates = await FindTypesAsync(client, kind, cancellationToken);
            if (candidates.Count == 0)
            {
                yield return new FailureNotice(Errors.KindNotFound(client.Name, kind, KindNames.Near(await client.Discovery.AllAsync(cancellationToken), kind)));
                continue;
            }

            var eventsRefused = false;
            await foreach (var found in ReadKindAsync(client, query, candidates, names, cancellationToken))
            {
                if (found.Notice is not null || !query.IncludeEvents)
                {
                    yield return found;
                    continue;
                }

                var (events, failure) = eventsRefused ? ([], null) : await ReadEventsAsync(client, found.Value!.Reference, cancellationToken);
                if (failure is not null)
                {
                    // The object is worth having without them.
                    eventsRefused = true;
                    yield return new FailureNotice(failure);
                }

                yield return found.Value! with { Events = events };
            }
        }
    }

    // Names that carry a kind of their own keep it; the others have the one of the query.
    private static IEnumerable<(string Kind, IReadOnlyList<ResourcePattern> Names)> ByKind(RawObjectQuery query) => query.Objects.Names.Count == 0
        ? [(query.Kind ?? "", [])]
        : query.Objects.Names
            .GroupBy(name => name.Kind is { Length: > 0 } own ? own : query.Kind ?? "", StringComparer.OrdinalIgnoreCase)
            .Select(group => (group.Key, (IReadOnlyList<ResourcePattern>)[.. group]));

    private static async Task<IReadOnlyList<ServedResource>> FindTypesAsync(ClusterClient client, string kind, CancellationToken cancellationToken)
    {
        // FindAsync asks the server anew when its cache knows no such type.
        return await client.Discovery.FindAsync(kind, cancellationToken) is null
            ? []
            : KindNames.Candidates(await client.Discovery.AllAsync(cancellationToken), kind);
    }

    private static async IAsyncEnumerable<Streamed<RawObject>> ReadKindAsync(
        ClusterClient client,
        RawObjectQuery query,
        IReadOnlyList<ServedResource> candidates,
        IReadOnlyList<ResourcePattern> names,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = names.Select(name => Place(name, candidates[0].Namespaced, query.Objects.Namespaces)).ToArray();
        if (query.Objects.Selector is null && names.Count is > 0 and <= MostSingleReads && Array.TrueForAll(places, place => place is not null))
        {
            foreach (var (name, place) in names.Zip(places))
            {
                yield return await ReadOneAsync(client, query, candidates, place!, name.Name, cancellationToken);
            }

            yield break;
        }

        // The kind has been found by whatever name it was typed with; the object carries its real one.
        var type = candidates[0].Type;
        var objects = query.Objects with { Names = [.. names.Select(name => OfKind(name, type.Kind))] };
        var list = objects.ToListQuery();
        if (objects.Names is [{ IsWildcard: false } only] && only.Name.Any(char.IsAsciiLetterUpper))
        {
            // Names of RBAC may have capitals, which a field selector takes literally.
            list = list with { FieldSelector = null };
        }

        var filter = new ObjectFilter(objects);
        await foreach (var item in client.ListAsync(type, list, RawJsonContext.Default.JsonElement, Identity, null, "application/json", cancellationToken))
        {
            if (filter.Accepts(type.Kind, RawJson.Metadata(item, "namespace"), RawJson.Metadata(item, "name")))
            {
                yield return Map(client, type, item, query);
            }
        }

        foreach (var error in await filter.MissingAsync(client, type.Kind, null, cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    // The namespace in which exactly one object can have this name; empty for cluster-scoped ones, null when it is not known.
    private static string? Place(ResourcePattern name, bool namespaced, IReadOnlyList<string> namespaces) => name switch
    {
        { IsWildcard: true } => null,
        _ when !ResourceType.CanBeNamed(name.Name) => null,
        _ when !namespaced => "",
        { Namespace: { Length: > 0 } own } => ResourceType.CanBeNamed(own) ? own : null,
        _ when namespaces is [var typed] && !ResourcePattern.HasWildcard(typed) && ResourceType.CanBeNamed(typed) => typed.ToLowerInvariant(),
        _ => null,
    };

    private static ResourcePattern OfKind(ResourcePattern name, string kind) => string.IsNullOrEmpty(name.Kind)
        ? name
        : new ResourcePattern(new ResourceReference(name.Cluster, kind, name.Namespace ?? "", name.Name));

    /// <summary>Several groups can have a kind of the same name (HelmChart of k3s and of Flux), so the object is looked for in each.</summary>
    private static async Task<Streamed<RawObject>> ReadOneAsync(
        ClusterClient client,
        RawObjectQuery query,
        IReadOnlyList<ServedResource> candidates,
        string @namespace,
        string name,
        CancellationToken cancellationToken)
    {
        foreach (var type in candidates.Select(candidate => candidate.Type))
        {
            var request = new ApiRequest("get", type.QualifiedName, @namespace.Length == 0 ? null : @namespace, name);
            try
            {
                var item = await client.GetAsync(type.Path(@namespace, name), RawJsonContext.Default.JsonElement, request, cancellationToken);
                return Map(client, type, item, query);
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
            {
                // The next group may have it.
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                return new FailureNotice(error);
            }
        }

        var kind = candidates[0].Kind;
        return new FailureNotice(Errors.ObjectNotFound(client.Name, kind, kind, name, @namespace.Length == 0 ? null : @namespace));
    }

    private static RawObject Map(ClusterClient client, ResourceType type, JsonElement item, RawObjectQuery query) => new(
        new ResourceReference(client.Name, type.Kind, RawJson.Metadata(item, "namespace"), RawJson.Metadata(item, "name")),
        RawJson.Normalize(item, type, query.ShowManagedFields),
        null);

    private static async Task<(IReadOnlyList<HomelabEvent> Events, HomelabException? Failure)> ReadEventsAsync(ClusterClient client, ResourceReference about, CancellationToken cancellationToken)
    {
        // Events about a node live in the namespace default; those about a namespaced object live beside it.
        var query = new EventQuery { For = [new ResourcePattern(about)], IsForKnown = true, Namespaces = about.Namespace.Length == 0 ? [] : [about.Namespace] };
        var events = new List<HomelabEvent>();
        try
        {
            await foreach (var item in EventReader.ReadAsync(client, query, cancellationToken))
            {
                if (item is { Notice: null, Value: { } found })
                {
                    events.Add(found);
                }
            }
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return (events, error);
        }

        return (events, null);
    }

    private static (string? Namespace, string Name) Identity(JsonElement item) => (RawJson.Metadata(item, "namespace"), RawJson.Metadata(item, "name"));
}
