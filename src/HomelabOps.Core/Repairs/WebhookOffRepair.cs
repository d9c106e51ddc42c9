using System.Runtime.CompilerServices;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Repairs;

/// <summary>
/// Switches MetalLB's webhook off in the repository; in the cluster alone Flux would take it back. That the API server goes on without it,
/// which Git then says, is told to the cluster at once, or Flux could not apply the rest.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="options">How.</param>
/// <param name="journal">Where changes are written down.</param>
internal sealed class WebhookOffRepair(ClusterClient client, RepairOptions options, ChangeJournal journal)
{
    /// <summary>Does it, and waits until Flux has applied it.</summary>
    /// <param name="target">The controller.</param>
    /// <param name="cancellationToken">Ends the waiting; what was pushed stays so.</param>
    /// <exception cref="HomelabException">RepairTargetGone, WebhookNeeded, WebhookNotInGit, RepositoryRequired. Those of a commit.</exception>
    public async IAsyncEnumerable<Notice> RunAsync(ResourceReference target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var facts = await MetalLBWebhookReader.ReadAsync(client, target.Namespace, cancellationToken);
        var controller = facts.Controller ?? throw Errors.RepairTargetGone(target);
        var insisting = (facts.Callers ?? []).Where(caller => caller is { Entry.Length: > 0, IsOptional: false }).ToList();
        if (!facts.Settings.HasWebhook && insisting.Count == 0)
        {
            yield break;
        }

        if (!MetalLBWebhookJudge.CanDoWithout(facts))
        {
            throw Errors.WebhookNeeded(target);
        }

        var owner = FluxOwner.Of(controller.Labels.GetValueOrDefault, client.Name) ?? throw Errors.WebhookNotInGit(target, Errors.Text("Detail_WebhookByHand", controller.Name));
        var folder = options.Repository ?? throw Errors.RepositoryRequired();
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(folder), journal);
        var edit = new WebhookOffEdit(owner.Kind == FluxKind.HelmRelease ? owner : target, controller.Container, [.. insisting.Select(caller => (caller.Object.Name, caller.Entry))]);
        await foreach (var step in EditDelivery.RunAsync(client, committer, edit, options.NoWait ? null : options.Timeout, journal, cancellationToken))
        {
            if (step.Notice is { } notice)
            {
                yield return notice;
                continue;
            }

            // Flux tries all of a Kustomization before it applies any of it, so what calls the webhook would keep it from switching it off.
            foreach (var group in insisting.GroupBy(caller => caller.Object, caller => caller.Entry))
            {
                var refused = await new FailurePolicyWriter(client, journal).IgnoreAsync(group.Key, [.. group], cancellationToken);
                if (refused is not null)
                {
                    yield return refused;
                }
            }

            insisting.Clear();
        }

        if (edit.IsUnchanged)
        {
            // Git has it right already, and so it is Flux that has to bring it.
            await foreach (var notice in new HomelabRepairer(client, options, journal).RunAsync(new() { Kind = HomelabRepairKind.ReconcileFlux, Target = owner }, cancellationToken))
            {
                yield return notice;
            }
        }
    }
}
