using HomelabOps.Core.Delivery;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Keeps Flux from putting back what Git still says, as long as the commit of an operation is not pushed.</summary>
internal static class FluxHold
{
    /// <summary>Suspends the Kustomizations that apply objects; those that are suspended already are left to whoever did it, unless that was another operation.</summary>
    /// <param name="context">The operation.</param>
    /// <param name="objects">The objects. What Flux does not apply needs no hold.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task TakeAsync(OperationContext context, IEnumerable<ResourceReference> objects, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        foreach (var item in objects)
        {
            if (await FindAsync(options, item, cancellationToken) is { } kustomization && (!kustomization.Suspended || IsHeldByOther(context, kustomization.Reference)))
            {
                // Written down first: whatever ends the process, it is known whose it is. The last of those that hold it lets it go.
                record.Suspended.Add(OperationObject.Of(kustomization.Reference));
                context.Save();
                if (kustomization.Suspended)
                {
                    continue;
                }

                await FluxSuspender.SuspendAsync(options.Client, kustomization, Suspensions.FromNow(Errors.Text("Detail_LocalReason", record.Id), null) with { Operation = record.Id }, options.Journal, cancellationToken);
            }
        }
    }

    /// <summary>Resumes those that the operation has suspended, but for those that another one needs as they are: Flux would take its move back.</summary>
    /// <returns>Which were resumed.</returns>
    public static async Task<IReadOnlyList<ResourceReference>> ReleaseAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, released) = (context.Options, new List<ResourceReference>());
        foreach (var held in context.Record.Suspended.Select(item => item.Reference(options.Client.Name)).Distinct())
        {
            if (IsHeldByOther(context, held))
            {
                await HandOverAsync(context, held, cancellationToken);
                context.Tell(new WarningNotice(Errors.Text("HeldByOther", held, string.Join(", ", context.Others().Where(other => Holds(other, held)).Select(other => other.Id)))));
                continue;
            }

            var found = await FluxTargets.FindAsync(options.Client, [new ResourcePattern(held)], [], [], cancellationToken);
            if (found.Targets.FirstOrDefault(target => target.Reference == held) is { Suspended: true } kustomization)
            {
                await foreach (var item in FluxSuspender.ResumeAsync(options.Client, kustomization, new() { NoWait = true }, options.Journal, cancellationToken))
                {
                    released.Add(item.Value?.Reference ?? held);
                }
            }
        }

        return released;
    }

    // Whoever asks why it is suspended is told of one that is not done.
    private static async Task HandOverAsync(OperationContext context, ResourceReference held, CancellationToken cancellationToken)
    {
        var (options, next) = (context.Options, context.Others().First(other => Holds(other, held)).Id);
        var found = await FluxTargets.FindAsync(options.Client, [new ResourcePattern(held)], [], [], cancellationToken);
        if (found.Targets.FirstOrDefault(target => target.Reference == held) is { Suspended: true, Suspension: { } suspension } kustomization && suspension.Operation != next)
        {
            await FluxSuspender.SuspendAsync(options.Client, kustomization, suspension with { Operation = next, Reason = Errors.Text("Detail_LocalReason", next) }, options.Journal, cancellationToken);
        }
    }

    /// <summary>Whether another operation still needs one of them suspended. What that one does not change was applied directly.</summary>
    public static bool IsShared(OperationContext context) => context.Record.Suspended.Exists(item => IsHeldByOther(context, item.Reference(context.Options.Client.Name)));

    private static bool IsHeldByOther(OperationContext context, ResourceReference kustomization) => context.Others().Any(other => Holds(other, kustomization));

    private static bool Holds(OperationRecord record, ResourceReference kustomization) => record.Suspended.Exists(item => item.Reference(kustomization.Cluster) == kustomization);

    private static async Task<FluxResource?> FindAsync(FailoverOptions options, ResourceReference item, CancellationToken cancellationToken)
    {
        try
        {
            return (await DeliveryChain.FindAsync(options.Client, item, cancellationToken)).Kustomizations[^1];
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.FluxOwnerNotFound))
        {
            return null;
        }
    }
}
