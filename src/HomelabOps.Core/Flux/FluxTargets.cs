using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>The objects of Flux that something was asked for, with all others of the cluster beside them.</summary>
internal sealed record FluxTargets
{
    /// <summary>What was asked for.</summary>
    public required IReadOnlyList<FluxResource> Targets { get; init; }

    /// <summary>All objects of Flux that could be read.</summary>
    public required IReadOnlyList<FluxResource> All { get; init; }

    /// <summary>What was not found or could not be read.</summary>
    public required IReadOnlyList<HomelabException> Failures { get; init; }

    /// <summary>
    /// Finds what was asked for. A literal name must mean one object; a wildcard or a reference may mean several. A reference
    /// to something that Flux applies leads to what applies it.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">Names as typed, and references.</param>
    /// <param name="namespaces">Namespaces, with wildcards; empty for all.</param>
    /// <param name="kinds">Kinds, with wildcards; empty for all.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <param name="allowSeveral">A literal name may mean several objects, since nothing is changed.</param>
    public static async Task<FluxTargets> FindAsync(
        ClusterClient client,
        IReadOnlyList<ResourcePattern> names,
        IReadOnlyList<string> namespaces,
        IReadOnlyList<string> kinds,
        CancellationToken cancellationToken,
        bool allowSeveral = false)
    {
        var failures = new List<HomelabException>();
        var wanted = new List<ResourcePattern>();
        foreach (var name in names)
        {
            wanted.AddRange(await LeadAsync(client, name, failures, cancellationToken));
        }

        var all = new List<FluxResource>();
        var everything = new FluxQuery { Fallback = new ObjectQuery { Names = wanted, Namespaces = namespaces }.ToListQuery().Namespace };
        await foreach (var item in FluxReader.ReadAsync(client, everything, cancellationToken))
        {
            if (item.Value is { } resource)
            {
                all.Add(resource);
            }
            else if (item.Notice is FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
        }

        // Checks the kinds as well: one that was typed in full and does not exist is an error.
        var query = new FluxQuery { Kinds = kinds };
        await FluxTypes.FindAsync(client, query, cancellationToken);
        var targets = new List<FluxResource>();
        foreach (var pattern in wanted)
        {
            var filter = new ObjectFilter(new ObjectQuery { Names = [pattern], Namespaces = pattern.Cluster is null ? namespaces : [] });
            var matches = all.Where(resource => query.AcceptsKind(resource.Kind) && filter.Accepts(resource.Kind, resource.Namespace, resource.Name)).ToList();
            if (matches.Count > 1 && !pattern.IsWildcard && !allowSeveral)
            {
                failures.Add(Errors.NameAmbiguous(pattern.Text, matches.Select(match => match.Reference)));
                continue;
            }

            failures.AddRange(filter.Missing(client.Name, "FluxResource", "Flux object"));
            targets.AddRange(matches);
        }

        return new() { Targets = [.. targets.DistinctBy(target => target.Reference)], All = all, Failures = failures };
    }

    // A piped Deployment stands for the Kustomization or HelmRelease that applies it.
    private static async Task<IReadOnlyList<ResourcePattern>> LeadAsync(ClusterClient client, ResourcePattern name, List<HomelabException> failures, CancellationToken cancellationToken)
    {
        if (name.Cluster is null || name.Kind is null || FluxKind.All.Contains(name.Kind))
        {
            return [name];
        }

        var query = new RawObjectQuery { Objects = new ObjectQuery { Names = [name] } };
        var owners = new List<ResourcePattern>();
        await foreach (var item in ObjectReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
            else if (item.Value is { } found)
            {
                var owner = FluxOwner.Of(found.Json, client.Name);
                owners.AddRange(owner is null ? [] : [new ResourcePattern(owner)]);
                failures.AddRange(owner is null ? [Errors.FluxOwnerNotFound(found.Reference)] : Array.Empty<HomelabException>());
            }
        }

        return owners;
    }
}
