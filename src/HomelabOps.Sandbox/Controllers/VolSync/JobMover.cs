using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>A mover that does its work in a Job, and makes a new one when that has failed too often.</summary>
internal abstract class JobMover : IMover
{
    /// <summary>What to do, once everything that the Job needs is there.</summary>
    /// <param name="Name">Of the Job.</param>
    /// <param name="Template">Of its pod.</param>
    /// <param name="Claim">The volume that it works on.</param>
    protected sealed record Plan(string Name, JsonObject Template, JsonObject Claim);

    /// <summary>After so many failed pods the Job is made anew.</summary>
    protected abstract int BackoffLimit { get; }

    /// <summary>Whether starts and failures are events.</summary>
    protected abstract bool TellsTransfers { get; }

    public async Task<MoverResult> SynchronizeAsync(MoverContext context, CancellationToken cancellationToken)
    {
        if (await PlanAsync(context, cancellationToken) is not { } plan)
        {
            return MoverResult.InProgress;
        }

        if (context.IsSource ? MoverVolumes.IsDirect(context) : Text(context.Spec, "copyMethod") is "Direct" or "None")
        {
            MoverPods.Bind(context, plan.Template, plan.Claim);
        }

        var job = await EnsureJobAsync(context, plan, cancellationToken);
        if (job is null || Number(job, "status.succeeded") == 0)
        {
            return MoverResult.InProgress;
        }

        Succeeded(context, plan, job);
        context.Status["latestMoverStatus"] = new JsonObject
        {
            ["result"] = "Successful",
            ["logs"] = await MoverLogs.ReadAsync(context, plan.Name, hasFailed: false, line => MoverLogs.TellsSuccess(context.Method, line), cancellationToken),
        };
        return new(true, context.IsSource ? null : MoverVolumes.Image(context, plan.Claim));
    }

    public Task CleanUpAsync(MoverContext context, CancellationToken cancellationToken) =>
        context.Objects.CleanUpAsync([context.Cluster.Jobs, context.Cluster.Claims], cancellationToken);

    /// <summary>Makes what the Job needs; null while something is not ready.</summary>
    protected abstract Task<Plan?> PlanAsync(MoverContext context, CancellationToken cancellationToken);

    /// <summary>Called when the Job has done its work.</summary>
    protected virtual void Succeeded(MoverContext context, Plan plan, JsonObject job)
    {
    }

    private async Task<JsonObject?> EnsureJobAsync(MoverContext context, Plan plan, CancellationToken cancellationToken)
    {
        var present = context.Cluster.Jobs.Find(context.Namespace, plan.Name);
        if (present is not null && Number(present, "status.failed") >= BackoffLimit)
        {
            await FailedAsync(context, present, cancellationToken);
            return null;
        }

        plan.Template["spec"]!["restartPolicy"] = "Never";
        var wanted = MoverContext.Named(plan.Name);
        wanted["spec"] = new JsonObject { ["backoffLimit"] = BackoffLimit, ["parallelism"] = context.IsPaused ? 0 : 1, ["template"] = plan.Template };
        if (present is not null && !OwnedObjects.Holds(present["spec"]!["template"], plan.Template))
        {
            if (At(present, "metadata.deletionTimestamp") is null && Number(present, "status.succeeded") == 0)
            {
                // The template of a Job cannot be changed.
                await context.Objects.DeleteAsync(ResourceType.Job, plan.Name, cancellationToken);
                return null;
            }

            wanted["spec"] = new JsonObject { ["parallelism"] = context.IsPaused ? 0 : 1 };
        }

        var (job, isNew) = await context.Objects.EnsureAsync(context.Cluster.Jobs, wanted, isTemporary: true, cancellationToken);
        if (isNew && TellsTransfers)
        {
            context.Objects.Record("Normal", "TransferStarted", $"starting Job/{plan.Name} to {(context.IsSource ? "transmit" : "receive")} data");
        }

        return job;
    }

    private async Task FailedAsync(MoverContext context, JsonObject job, CancellationToken cancellationToken)
    {
        if (At(job, "metadata.deletionTimestamp") is not null)
        {
            return;
        }

        var name = Text(job, "metadata.name");
        context.Status["latestMoverStatus"] = new JsonObject
        {
            ["result"] = "Failed",
            ["logs"] = await MoverLogs.ReadAsync(context, name, hasFailed: true, line => MoverLogs.TellsFailure(context.Method, line), cancellationToken),
        };
        if (TellsTransfers)
        {
            context.Objects.Record("Warning", "TransferFailed", "mover Job backoff limit reached");
        }

        await context.Objects.DeleteAsync(ResourceType.Job, name, cancellationToken);
    }
}
