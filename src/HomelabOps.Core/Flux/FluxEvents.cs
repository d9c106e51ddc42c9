using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>Events about objects of Flux.</summary>
internal static class FluxEvents
{
    /// <summary>
    /// Gives the events of the objects and of what they get their content from: a source, or a chart and its repository.
    /// Without names those of all objects of Flux.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">Objects as typed, and references; empty for all.</param>
    /// <param name="query">Namespaces, and whether only warnings are wanted.</param>
    /// <param name="watch">Go on with each new one.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabEvent>> ReadAsync(
        ClusterClient client,
        IReadOnlyList<ResourcePattern> names,
        EventQuery query,
        bool watch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            var kinds = (await FluxTypes.FindAsync(client, cancellationToken)).Select(type => new ResourcePattern($"{type.Kind}/*"));
            query = query with { For = [.. kinds] };
        }
        else
        {
            var found = await FluxTargets.FindAsync(client, names, query.Namespaces, [], cancellationToken, allowSeveral: true);
            foreach (var failure in found.Failures)
            {
                yield return new FailureNotice(failure);
            }

            if (found.Targets.Count == 0)
            {
                yield break;
            }

            // What is behind an object may lie in another namespace than the one that was typed.
            var objects = found.All.ToDictionary(resource => resource.Reference);
            var about = found.Targets.SelectMany(target => FluxSources.AllOf(target, objects).Prepend(target)).Select(resource => resource.Reference).Distinct();
            query = query with { For = [.. about.Select(reference => new ResourcePattern(reference))], Namespaces = [], IsForKnown = true };
        }

        await foreach (var item in watch ? EventReader.WatchAsync(client, query, cancellationToken) : EventReader.ReadAsync(client, query, cancellationToken))
        {
            yield return item;
        }
    }
}
