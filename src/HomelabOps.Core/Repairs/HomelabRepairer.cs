using System.Runtime.CompilerServices;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Remounting;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Repairs;

/// <summary>
/// Does what a finding asks for, by the same services as the cmdlet that a person would type. The list of what can be asked for is fixed; a
/// finding names its target and nothing else.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="options">How.</param>
/// <param name="journal">Where changes are written down.</param>
internal sealed class HomelabRepairer(ClusterClient client, RepairOptions options, ChangeJournal journal)
{
    /// <summary>Does it, and gives what is to be told on the way.</summary>
    /// <param name="action">What.</param>
    /// <param name="cancellationToken">Ends the waiting; what was changed stays so.</param>
    /// <exception cref="HomelabException">What the services throw; RepairTargetGone.</exception>
    public async IAsyncEnumerable<Notice> RunAsync(HomelabRepairAction action, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var notice in Steps(action, cancellationToken))
        {
            // One that fails is not a warning beside a success.
            yield return notice is FailureNotice failure ? throw failure.Error : notice;
        }
    }

    private IAsyncEnumerable<Notice> Steps(HomelabRepairAction action, CancellationToken cancellationToken) => action.Kind switch
    {
        HomelabRepairKind.UncordonNode => Once(() => NodeCordon.UncordonAsync(client, action.Target.Name, removeTaint: false, journal, cancellationToken)),
        HomelabRepairKind.DeleteFailedPods => Once(() => DeleteFailedAsync(action.Target, cancellationToken)),
        HomelabRepairKind.StartApp => StartAppAsync(action.Target, cancellationToken),
        HomelabRepairKind.ResumeFlux => FluxAsync(action.Target, resume: true, cancellationToken),
        HomelabRepairKind.ReconcileFlux => FluxAsync(action.Target, resume: false, cancellationToken),
        HomelabRepairKind.RestartSyncthing => RestartSyncthingAsync(action.Target, cancellationToken),
        HomelabRepairKind.CorrectPeer => new PeerRepair(client, options, journal).RunAsync(action.Target, cancellationToken),
        HomelabRepairKind.ResumeReplication => ReplicationAsync(action.Target, resume: true, cancellationToken),
        HomelabRepairKind.StartReplication => ReplicationAsync(action.Target, resume: false, cancellationToken),
        HomelabRepairKind.RenewWebhookCert => RenewWebhookCertAsync(action.Target, cancellationToken),
        HomelabRepairKind.DisableWebhook => new WebhookOffRepair(client, options, journal).RunAsync(action.Target, cancellationToken),
        _ => Once(() => RemountAsync(action, cancellationToken)),
    };

    private static async IAsyncEnumerable<Notice> Once(Func<Task> step)
    {
        await step();
        yield break;
    }

    private static async IAsyncEnumerable<Notice> Notices<T>(IAsyncEnumerable<Streamed<T>> steps)
    {
        await foreach (var step in steps)
        {
            if (step.Notice is { } notice)
            {
                yield return notice;
            }
        }
    }

    private async Task DeleteFailedAsync(ResourceReference owner, CancellationToken cancellationToken)
    {
        var query = new ObjectQuery { Namespaces = [owner.Namespace] };
        await foreach (var (pod, top) in PodReader.ReadWiresAsync(client, query.ToListQuery(), new ObjectFilter(query), new PodReader.JobOwners(client), cancellationToken))
        {
            // By the phase: a pod that is started again and again is shown as an error too, and lives.
            if (top == owner && pod.Status?.Phase == "Failed")
            {
                var entry = new JournalEntry { Cluster = client.Name, Kind = "Pod", Namespace = owner.Namespace, Name = pod.Metadata.Name, Change = "delete", Undo = JournalUndo.None("DeleteFailedPods") };
                await journal.RunAsync(entry, () => client.DeleteAsync(ResourceType.Pod, owner.Namespace, pod.Metadata.Name, new DeleteRequest { Uid = pod.Metadata.Uid }, cancellationToken));
            }
        }
    }

    private async IAsyncEnumerable<Notice> StartAppAsync(ResourceReference target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new AppQuery { Config = options.Config, Repository = options.Repository };
        var found = await AppTargets.FindAsync(client, [new ResourcePattern(target)], query, cancellationToken);
        var app = found.Targets is [var only] ? only : throw Errors.RepairTargetGone(target);
        await foreach (var notice in Notices(AppStopper.StartAsync(client, app, new AppOptions { Config = options.Config, Repository = options.Repository, Timeout = options.Timeout, NoWait = options.NoWait }, journal, cancellationToken)))
        {
            yield return notice;
        }
    }

    private async IAsyncEnumerable<Notice> FluxAsync(ResourceReference target, bool resume, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(target)], [], [], cancellationToken);
        var resource = found.Targets is [var only] ? only : throw Errors.RepairTargetGone(target);
        FluxSuspender.CheckHold(resource);
        var how = new FluxReconcileOptions { Timeout = options.Timeout, NoWait = options.NoWait, Reset = resource.Kind == FluxKind.HelmRelease, Force = resource.Kind == FluxKind.HelmRelease };
        var steps = resume
            ? Notices(FluxSuspender.ResumeAsync(client, resource, how, journal, cancellationToken))
            : Notices(FluxReconciler.RunAsync(client, FluxReconcilePlan.Make([resource], found.All, how), how, journal, cancellationToken));
        await foreach (var notice in steps)
        {
            yield return notice;
        }
    }

    private async IAsyncEnumerable<Notice> RestartSyncthingAsync(ResourceReference target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await SyncthingTargets.FindAsync(client, new SyncthingQuery { References = [target], Config = options.Config }, cancellationToken);
        var syncthing = found.Targets is [var only] ? only : throw Errors.RepairTargetGone(target);
        SyncthingRestarter.Check(syncthing);
        await foreach (var notice in Notices(ReplicationRestarter.RunAsync(client, [syncthing], null, options.NoWait ? null : options.Timeout, journal, cancellationToken)))
        {
            yield return notice;
        }
    }

    private async IAsyncEnumerable<Notice> ReplicationAsync(ResourceReference target, bool resume, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReplicationStatus? replication = null;
        await foreach (var item in ReplicationReader.ReadAsync(client, new ReplicationQuery { References = [target], Config = options.Config }, cancellationToken))
        {
            replication = item.Value ?? replication;
        }

        replication = replication ?? throw Errors.RepairTargetGone(target);
        if (resume)
        {
            await ReplicationSuspender.CheckAsync(client, replication, options.Config, cancellationToken);
            if (await ReplicationSuspender.ResumeAsync(client, replication, journal, cancellationToken) is { } notice)
            {
                yield return notice;
            }

            yield break;
        }

        ReplicationStarter.Check(replication);
        await foreach (var notice in Notices(ReplicationStarter.StartAsync(client, replication, new() { Timeout = options.Timeout, Config = options.Config }, journal, cancellationToken)))
        {
            yield return notice;
        }
    }

    // What is there was found to be faulty, and whoever repairs it has agreed. What Flux owns is refused there.
    private async IAsyncEnumerable<Notice> RenewWebhookCertAsync(ResourceReference target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var facts = await MetalLBWebhookReader.ReadAsync(client, target.Namespace, cancellationToken);
        var plan = await WebhookCertification.PrepareAsync(client, facts, new WebhookCertOptions { ReplaceFaulty = true }, cancellationToken) ?? throw Errors.RepairTargetGone(target);
        foreach (var warning in plan.Warnings)
        {
            yield return new WarningNotice(warning);
        }

        await foreach (var notice in Notices(WebhookCertification.RunAsync(client, plan, new AppOptions { Config = options.Config, Timeout = options.Timeout, NoWait = options.NoWait }, journal, cancellationToken)))
        {
            yield return notice;
        }
    }

    // A container that keeps the old mount, and pods that do, are restarted by Repair-NfsMount, which asks for each.
    private async Task RemountAsync(HomelabRepairAction action, CancellationToken cancellationToken)
    {
        var repair = new MountRepair(client, options.Config, options.Login, journal, options.Timeout) { Exports = options.Exports, Probe = options.Probe };
        var query = new NfsMountQuery { Nodes = [new ResourcePattern(action.Target)], Paths = [action.Path], Config = options.Config, Probe = options.Probe };
        NfsMountStatus? status = null;
        await foreach (var item in NfsMountTester.TestAsync(client, query, cancellationToken))
        {
            status = item.Value ?? status;
        }

        if (status is null)
        {
            throw Errors.RepairTargetGone(action.Target);
        }

        if (!status.Healthy)
        {
            using var job = await repair.PrepareAsync(status, force: false, cancellationToken);
            await job.RemountAsync(cancellationToken);
        }
    }
}
