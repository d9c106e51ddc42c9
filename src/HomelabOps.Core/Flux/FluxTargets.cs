using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>The objects of Flux that something was asked for, with all others of the cluster beside them.</summary>
internal sealed record FluxTargets
{
    /// <summary>What was asked for.</summary>
    public required IReadOnlyList<FluxResource> Targets { get; init; }

    /// <summary>All objects of Flux that could be read; where only such are meant, those that content flows through.</summary>
    public required IReadOnlyList<FluxResource> All { get; init; }

    /// <summary>What was not found or could not be read.</summary>
    public required IReadOnlyList<HomelabException> Failures { get; init; }

    /// <summary>
    /// Finds what was asked for. A literal name must mean one object; a wildcard or a reference may mean several. A reference
    /// to something that Flux applies, or that belongs to such a thing, leads to what applies it.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">Names as typed, and references.</param>
    /// <param name="namespaces">Namespaces, with wildcards; empty for all.</param>
    /// <param name="kinds">Kinds, with wildcards; empty for all.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <param name="allowSeveral">A literal name may mean several objects, since nothing is changed.</param>
    /// <param name="within">Kinds that can be named at all; a reference to another leads to what applies it. Null for all.</param>
    /// <exception cref="HomelabException">FluxNotInstalled; FluxKindUnknown for one of the kinds.</exception>
    public static async Task<FluxTargets> FindAsync(
        ClusterClient client,
        IReadOnlyList<ResourcePattern> names,
        IReadOnlyList<string> namespaces,
        IReadOnlyList<string> kinds,
        CancellationToken cancellationToken,
        bool allowSeveral = false,
        IReadOnlyList<string>? within = null)
    {
        var query = new FluxQuery { Objects = new ObjectQuery { Names = [.. names.Where(name => name.Cluster is null)] }, Kinds = kinds, Within = within ?? FluxKind.All };
        var scope = await FluxTypes.ScopeAsync(client, query, cancellationToken);
        var failures = new List<HomelabException>(scope.Failures);
        var references = names.Where(name => name.Cluster is not null).ToLookup(name => FluxKind.All.Contains(name.Kind!) || scope.Types.Any(type => type.Kind == name.Kind));
        List<ResourcePattern> wanted = [.. scope.Query.Objects.Names, .. references[true], .. await LeadAsync(client, [.. references[false]], failures, cancellationToken)];
        var all = new List<FluxResource>();

        // Who may change applications need not be able to read what automates images: nothing on the way to them is of such a kind.
        var isFlow = within is not null || (!allowSeveral && wanted.TrueForAll(name => name.Cluster is not null && FluxKind.IsFlow(name.Kind!)));
        var everything = new FluxQuery { FlowOnly = isFlow, Fallback = new ObjectQuery { Names = wanted, Namespaces = namespaces }.ToListQuery().Namespace };
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

        var targets = new List<FluxResource>();
        foreach (var pattern in wanted)
        {
            var isTyped = pattern.Cluster is null;
            var filter = new ObjectFilter(new ObjectQuery { Names = [pattern], Namespaces = isTyped ? namespaces : [] });
            var matches = all.Where(resource => (!isTyped || scope.Query.AcceptsKind(resource.Kind)) && filter.Accepts(resource.Kind, resource.Namespace, resource.Name)).ToList();
            if (matches.Count > 1 && !pattern.IsWildcard && !allowSeveral)
            {
                failures.Add(Errors.NameAmbiguous(pattern.Text, matches.Select(match => match.Reference)));
                continue;
            }

            failures.AddRange(filter.Missing(client.Name, "FluxResource", "Flux object"));
            targets.AddRange(isTyped ? matches : Raise(matches, scope.Query, all, failures));
        }

        return new() { Targets = [.. targets.DistinctBy(target => target.Reference)], All = all, Failures = failures };
    }

    // A piped pod stands for the Kustomization or HelmRelease that applies its Deployment.
    private static async Task<IEnumerable<ResourcePattern>> LeadAsync(ClusterClient client, IReadOnlyList<ResourcePattern> names, List<HomelabException> failures, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var query = new RawObjectQuery { Objects = new ObjectQuery { Names = names } };
        var appliers = new ApplierFinder(client, new ObjectShelf(client, type => !FluxKind.Groups.Contains(type.Group)));
        var found = new List<ResourceReference>();
        await foreach (var item in ObjectReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
            else if (item.Value is { } read)
            {
                try
                {
                    found.Add(await appliers.LeadAsync(JsonObject.Create(read.Json)!, cancellationToken));
                }
                catch (HomelabException error) when (!error.Terminates)
                {
                    failures.Add(error);
                }
            }
        }

        return found.Distinct().Select(reference => new ResourcePattern(reference));
    }

    // Where only Kustomizations are wanted a HelmRelease stands for the one that applies it. What -Kind leaves out is left out.
    private static IEnumerable<FluxResource> Raise(IReadOnlyList<FluxResource> found, FluxQuery query, List<FluxResource> all, List<HomelabException> failures)
    {
        foreach (var resource in found)
        {
            var seen = new HashSet<ResourceReference>();
            var current = resource;
            while (current is not null && !query.IsWithin(current.Kind) && seen.Add(current.Reference))
            {
                current = all.Find(other => other.Reference == current.Owner);
            }

            if (current is null || !query.IsWithin(current.Kind))
            {
                failures.Add(Errors.FluxOwnerNotFound(resource.Reference));
            }
            else if (query.AcceptsKind(current.Kind))
            {
                yield return current;
            }
        }
    }
}
