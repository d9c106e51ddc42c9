using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>Suspends objects of Flux and resumes them, with who, why and until when.</summary>
internal static class FluxSuspender
{
    /// <summary>Refuses what Flux cannot suspend.</summary>
    /// <exception cref="HomelabException">FluxStatic.</exception>
    public static void Check(FluxResource resource)
    {
        // An ExternalArtifact has no suspend field, and what has no controller reads none.
        if (resource.Kind == "ExternalArtifact" || (resource.Reason == "Static" && resource.Kind != "HelmRepository"))
        {
            throw Errors.FluxStatic(resource.Reference);
        }
    }

    /// <summary>Refuses what an operation keeps suspended, since Flux would take back what it has done.</summary>
    /// <exception cref="HomelabException">FluxHeld.</exception>
    public static void CheckHold(FluxResource resource)
    {
        if (resource is { Suspended: true, Suspension.Operation: { } operation })
        {
            throw Errors.FluxHeld(resource.Reference, operation);
        }
    }

    /// <summary>Suspends an object and gives it as it is then.</summary>
    /// <exception cref="HomelabException">FluxResourceDeleted, JournalUnwritable, AccessDenied.</exception>
    public static async Task<FluxResource> SuspendAsync(ClusterClient client, FluxResource resource, FluxSuspension suspension, ChangeJournal journal, CancellationToken cancellationToken) =>
        FluxMapper.Map(await ChangeAsync(client, resource, FluxSuspensions.Suspend(suspension), journal, cancellationToken), client.Name);

    /// <summary>Resumes an object, waits until its controller has reconciled it, and gives it as it is then.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="resource">The suspended object.</param>
    /// <param name="options">Whether and how long to wait.</param>
    /// <param name="journal">Where the change is written down.</param>
    /// <param name="cancellationToken">Ends the waiting; the object stays resumed.</param>
    public static async IAsyncEnumerable<Streamed<FluxResource>> ResumeAsync(
        ClusterClient client,
        FluxResource resource,
        FluxReconcileOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ChangeAsync(client, resource, FluxSuspensions.Resume(), journal, cancellationToken);

        // What its status says is of before the suspension.
        var resumed = resource with { Suspended = false, Suspension = null, Reason = "Progressing", Ready = ConditionStatus.Unknown };
        if (!options.NoWait && resource.Reason != "Static")
        {
            var plan = FluxReconcilePlan.Make([resumed], [resumed], options);
            await foreach (var item in FluxReconciler.RunAsync(client, plan, options, journal, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
                else
                {
                    var result = item.Value!;
                    resumed = resumed with { Ready = result.Ready, Reason = result.Reason, Message = result.Message, Revision = result.Revision, RootCause = result.RootCause, Conditions = result.Conditions };
                }
            }
        }

        yield return resumed;
    }

    private static async Task<JsonObject> ChangeAsync(ClusterClient client, FluxResource before, JsonObject patch, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var type = (await FluxTypes.FindAsync(client, cancellationToken)).Single(type => type.Kind == before.Kind);
        return await FluxWrite.MergeAsync(client, type, before, patch, journal, JournalUndo.MergePatch(FluxSuspensions.Restore(before).ToJsonString()), cancellationToken);
    }
}
