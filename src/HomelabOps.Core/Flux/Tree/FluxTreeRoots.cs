using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Tree;

/// <summary>Finds the objects that trees were asked for.</summary>
/// <param name="client">The cluster.</param>
/// <param name="shelf">Where what is read is kept.</param>
internal sealed class FluxTreeRoots(ClusterClient client, ObjectShelf shelf)
{
    private static readonly string[] Kinds = [FluxKind.Kustomization, FluxKind.HelmRelease];

    /// <summary>What could not be found or read.</summary>
    public List<HomelabException> Failures { get; } = [];

    /// <summary>The objects that were asked for: Kustomizations, HelmReleases, and other kinds that keep an inventory.</summary>
    public async Task<IReadOnlyList<ObjectKey>> FindAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        await ReadAppliersAsync(query, cancellationToken);
        var appliers = shelf.All(FluxKind.KustomizeGroup, FluxKind.Kustomization).Concat(shelf.All(FluxKind.HelmGroup, FluxKind.HelmRelease)).Select(item => item.Key)
            .OrderBy(key => FluxKind.Order(key.Kind)).ThenBy(key => key.Namespace, StringComparer.Ordinal).ThenBy(key => key.Name, StringComparer.Ordinal).ToList();
        if (query.Names.Count == 0)
        {
            var filter = new ObjectFilter(query);
            var all = appliers.Where(key => filter.Accepts(key.Kind, key.Namespace, key.Name)).ToList();
            Failures.AddRange(await filter.MissingAsync(client, "FluxResource", "Flux object", cancellationToken));
            return all;
        }

        var found = new List<ObjectKey>();
        foreach (var name in query.Names)
        {
            if (name.Kind is not null && !ResourcePattern.HasWildcard(name.Kind) && !Kinds.Contains(name.Kind, StringComparer.OrdinalIgnoreCase))
            {
                found.AddRange(await OfOtherKindAsync(name, query, cancellationToken));
                continue;
            }

            var filter = new ObjectFilter(query with { Names = [name], Namespaces = name.Cluster is null ? query.Namespaces : [] });
            found.AddRange(appliers.Where(key => filter.Accepts(key.Kind, key.Namespace, key.Name)));
            Failures.AddRange(filter.Missing(client.Name, "FluxResource", "Flux object"));
        }

        return [.. found.Distinct()];
    }

    private async Task ReadAppliersAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        // Says when there is no Flux at all.
        var types = (await FluxTypes.FindAsync(client, new FluxQuery(), cancellationToken)).Where(type => Kinds.Contains(type.Kind)).ToList();
        var denied = new List<ResourceType>();
        foreach (var type in types)
        {
            var failure = await shelf.LoadAllAsync(type, null, cancellationToken);
            if (failure?.Kind == ErrorKind.PermissionDenied && query.ToListQuery().Namespace is { } only)
            {
                // Perhaps the one namespace that was asked for may be read.
                failure = await shelf.LoadAllAsync(type, only, cancellationToken);
            }

            if (failure?.Kind == ErrorKind.PermissionDenied)
            {
                denied.Add(type);
            }
            else if (failure is not null)
            {
                Failures.Add(failure);
            }
        }

        if (denied.Count > 0)
        {
            Failures.Add(Errors.AccessDenied(client.Name, "list", string.Join(", ", denied.Select(type => type.QualifiedName)), query.ToListQuery().Namespace));
        }
    }

    // Something that Flux applies stands for what applies it.
    private async Task<IReadOnlyList<ObjectKey>> OfOtherKindAsync(ResourcePattern name, ObjectQuery query, CancellationToken cancellationToken)
    {
        var found = new List<ObjectKey>();
        var objects = query with { Names = [name], Namespaces = name.Cluster is null ? query.Namespaces : [], Selector = null };
        await foreach (var item in ObjectReader.ReadAsync(client, new RawObjectQuery { Objects = objects }, cancellationToken))
        {
            if (item.Notice is FailureNotice failure)
            {
                Failures.Add(failure.Error);
            }
            else if (item.Value is { } read)
            {
                var json = JsonObject.Create(read.Json)!;
                var key = ObjectKey.Of(json);
                if (FluxInventory.Of(json) is not null)
                {
                    found.Add(key);
                }
                else if (FluxKind.Groups.Contains(key.Group))
                {
                    Failures.Add(Errors.FluxTreeUnsupported(read.Reference));
                }
                else if (FluxOwner.Of(json, client.Name) is { } owner && FluxKind.ApplierKey(owner) is { } applier)
                {
                    found.Add(applier);
                }
                else
                {
                    Failures.Add(Errors.FluxOwnerNotFound(read.Reference));
                }
            }
        }

        return found;
    }
}
