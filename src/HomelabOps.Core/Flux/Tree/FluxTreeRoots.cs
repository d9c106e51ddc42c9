using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Tracing;
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
        var names = await FluxKindNames.SpellAsync(client, query.Names, cancellationToken);
        foreach (var name in names.Where(IsApplier))
        {
            var filter = new ObjectFilter(query with { Names = [name], Namespaces = name.Cluster is null ? query.Namespaces : [] });
            found.AddRange(appliers.Where(key => filter.Accepts(key.Kind, key.Namespace, key.Name)));
            Failures.AddRange(filter.Missing(client.Name, "FluxResource", "Flux object"));
        }

        foreach (var group in names.Where(name => !IsApplier(name)).GroupBy(name => name.Cluster is null))
        {
            found.AddRange(await OfOtherKindAsync(query with { Names = [.. group], Namespaces = group.Key ? query.Namespaces : [], Selector = null }, cancellationToken));
        }

        return [.. found.Distinct()];
    }

    private static bool IsApplier(ResourcePattern name) => name.Kind is null || ResourcePattern.HasWildcard(name.Kind) || Kinds.Contains(name.Kind, StringComparer.OrdinalIgnoreCase);

    private async Task ReadAppliersAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        // Says when there is no Flux at all.
        var types = (await FluxTypes.FindAsync(client, cancellationToken)).Where(type => Kinds.Contains(type.Kind)).ToList();
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

    // Something that Flux applies, or that belongs to such a thing, stands for what applies it.
    private async Task<IReadOnlyList<ObjectKey>> OfOtherKindAsync(ObjectQuery objects, CancellationToken cancellationToken)
    {
        var found = new List<ObjectKey>();
        var finder = new ApplierFinder(client, shelf);
        await foreach (var item in ObjectReader.ReadAsync(client, new RawObjectQuery { Objects = objects }, cancellationToken))
        {
            if (item.Notice is FailureNotice failure)
            {
                Failures.Add(failure.Error);
            }
            else if (item.Value is { } read)
            {
                try
                {
                    found.Add(await RootAsync(finder, JsonObject.Create(read.Json)!, cancellationToken));
                }
                catch (HomelabException error) when (!error.Terminates)
                {
                    Failures.Add(error);
                }
            }
        }

        return found;
    }

    private async Task<ObjectKey> RootAsync(ApplierFinder finder, JsonObject json, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(json);
        return FluxInventory.Of(json) is not null ? key
            : FluxKind.Groups.Contains(key.Group) ? throw Errors.FluxTreeUnsupported(key.Reference(client.Name))
            : FluxKind.ApplierKey(await finder.LeadAsync(json, cancellationToken))!;
    }
}
