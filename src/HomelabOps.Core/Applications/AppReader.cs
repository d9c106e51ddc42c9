using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Schemas;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Reads applications: what makes their pods, with all that belongs to it.</summary>
public static class AppReader
{
    /// <summary>Gives the applications by namespace and name.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which applications.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabApp>> ReadAsync(ClusterClient client, AppQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        query = query with { Objects = query.Objects with { Names = [.. query.Objects.Names.Select(WorkloadKindNames.Spell)] } };
        var facts = await AppFacts.ReadAsync(client, query, cancellationToken);
        foreach (var notice in facts.Notices)
        {
            yield return notice;
        }

        using var repository = new TracedRepository(query.Repository);
        var tracer = new FluxTracer(client, repository);
        var mapper = new AppMapper(facts, query.Config, client.Name);
        var selection = new AppSelection(client, query);
        foreach (var workload in facts.Workloads.Where(workload => !IsMover(workload)))
        {
            if (!selection.MayAccept(workload.Reference))
            {
                continue;
            }

            // What applies an application is read only where it matters, to choose by it or to show it.
            var app = mapper.Map(workload);
            if (selection.AsksForAppliers || selection.Accepts(app))
            {
                app = Traced(app, await tracer.TraceAsync(workload.Json, cancellationToken));
                if (!selection.AsksForAppliers || selection.Accepts(app))
                {
                    yield return AppStops.Describe(app, workload);
                }
            }
        }

        foreach (var error in await selection.MissingAsync(reference => IsMover(facts, reference), cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    /// <summary>What VolSync runs belongs to the application that it replicates, and is named there.</summary>
    internal static bool IsMover(Workload workload) => MoverNames.IsOfMover(workload.Wire.Metadata);

    private static bool IsMover(AppFacts facts, ResourceReference reference) => facts.Workloads.Exists(workload => workload.Reference == reference && IsMover(workload))
        || facts.Pods.SelectMany(pods => pods).Any(pod => pod.Reference == reference && pod.Labels.GetValueOrDefault(MoverNames.CreatedBy) == MoverNames.Creator);

    private static HomelabApp Traced(HomelabApp app, FluxTrace trace) =>
        app with { HelmRelease = trace.HelmRelease, Kustomization = trace.Kustomization, File = trace.File, Line = trace.Line };
}
