using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>Brings a commit that was pushed to the cluster, and waits until what it changes runs.</summary>
internal static class ChangeDelivery
{
    /// <summary>Reconciles Kustomizations from the top down, then waits for what must run, whether or not they wait for it themselves.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="change">The commit.</param>
    /// <param name="timeout">How long each object may take.</param>
    /// <param name="journal">Where the requests are written down.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What there is to tell, and in the end whether the commit was applied and runs.</returns>
    public static async IAsyncEnumerable<Streamed<bool>> RunAsync(
        ClusterClient client,
        ChangeToDeliver change,
        TimeSpan timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of a record without cluster nobody would know that it is a workload and not an object of Flux.
        var awaited = change.Runs.Select(run => new ResourceReference(client.Name, run.Kind, run.Namespace, run.Name)).ToList();
        var releases = await ReleasesAsync(client, awaited, new(change.Commit, timeout), cancellationToken);
        bool? isApplied = null;
        var standing = new TaskCompletionSource<IReadOnlyCollection<object?>>(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncEnumerable<Streamed<bool>>[] streams =
        [
            TellAsync(ApplyAsync(client, change, timeout, journal, standing, cancellationToken), cancellationToken),
            .. awaited.Where(run => run.Kind != FluxKind.HelmRelease).Select(run => TroubleAsync(client, change.Commit, run, journal, cancellationToken))
                .Concat(releases.Where(release => release.Before is not null).Select(release => ReleaseTroubleAsync(release.Delivery, release.Before!.Value, cancellationToken)))
                .Select(trouble => QuietAsync(trouble, standing.Task, cancellationToken)),
        ];
        await foreach (var item in Merge.All(streams, cancellationToken))
        {
            if (item.Notice is null)
            {
                isApplied = item.Value;
                break;
            }

            var told = item.Notice is FailureNotice { Error: { Id: nameof(Errors.FluxReconcileFailed) } error } ? await ExplainAsync(error, releases, cancellationToken) : [item.Notice];
            foreach (var notice in told)
            {
                yield return notice;
            }

            if (told.Any(IsTrouble))
            {
                break;
            }
        }

        if (isApplied != true)
        {
            yield return false;
            yield break;
        }

        await foreach (var item in TellAsync(AllRunAsync(client, change, awaited, timeout, journal, cancellationToken), cancellationToken))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<Streamed<bool>> AllRunAsync(
        ClusterClient client,
        ChangeToDeliver change,
        IReadOnlyList<ResourceReference> awaited,
        TimeSpan timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = (await AwaitedRuns.HereAsync(client, awaited, change.Kustomizations, cancellationToken)).Select(run => run.Kind == FluxKind.HelmRelease
            ? ReleaseRunsAsync(client, run, new(change.Commit, timeout), journal, cancellationToken)
            : AppliedRunsAsync(client, run, new() { Timeout = timeout }, journal, cancellationToken));
        await foreach (var item in AllRunAsync(waiting, cancellationToken))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<Streamed<bool>> AllRunAsync(IEnumerable<IAsyncEnumerable<Streamed<bool>>> waiting, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var runs = true;
        await foreach (var item in Merge.All([.. waiting.Select(stream => TellAsync(stream, cancellationToken))], cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else
            {
                runs &= item.Value;
            }
        }

        yield return runs;
    }

    // The commit is pushed: what goes wrong from here on is told, and does not keep the change from being given out.
    private static async IAsyncEnumerable<Streamed<bool>> TellAsync(IAsyncEnumerable<Streamed<bool>> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isKnown = false;
        await foreach (var item in Merge.Independent([stream], cancellationToken))
        {
            isKnown |= item.Notice is null;
            yield return item;
        }

        if (!isKnown)
        {
            yield return false;
        }
    }

    // What was applied has passed by what Flux leaves alone, and that it is as it was says nothing of the commit.
    private static async IAsyncEnumerable<Streamed<bool>> AppliedRunsAsync(
        ClusterClient client,
        ResourceReference workload,
        DeliveryOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (FluxMarks.IsLeftAlone((await WorkloadReader.FindAsync(client, workload, cancellationToken))?.Json))
        {
            yield return new WarningNotice(Errors.Text("RolloutLeftAlone", workload));
            yield return false;
            yield break;
        }

        await foreach (var item in WorkloadRunsAsync(client, workload, options, journal, cancellationToken))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<Streamed<bool>> WorkloadRunsAsync(
        ClusterClient client,
        ResourceReference workload,
        DeliveryOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in DeliveryWaiter.WaitAsync(client, workload, options, journal, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else
            {
                yield return item.Value!.Complete;
            }
        }
    }

    private static async IAsyncEnumerable<Streamed<bool>> ReleaseRunsAsync(
        ClusterClient client,
        ResourceReference release,
        DeliveryErrand errand,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var activity = Errors.Text("RolloutWaiting", release);
        yield return new ProgressNotice(activity, activity, IsDone: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(errand.Timeout);
        var delivery = new ReleaseDelivery(client, release, errand);
        var failure = await delivery.WaitAsync(journal, limit.Token);
        cancellationToken.ThrowIfCancellationRequested();
        yield return new ProgressNotice(activity, activity, IsDone: true);
        if (failure is not null)
        {
            yield return new FailureNotice(failure);
            yield return false;
            yield break;
        }

        // Helm waits for its pods only where it is not told otherwise.
        var workloads = await delivery.WorkloadsAsync(cancellationToken);
        await foreach (var item in AllRunAsync(workloads.Select(workload => WorkloadRunsAsync(client, workload, new() { Timeout = errand.Timeout }, journal, cancellationToken)), cancellationToken))
        {
            yield return item;
        }
    }

    // Applied means at this commit, or at a later one that has it: the cluster may follow another repository.
    private static async IAsyncEnumerable<Streamed<bool>> ApplyAsync(
        ClusterClient client,
        ChangeToDeliver change,
        TimeSpan timeout,
        ChangeJournal journal,
        TaskCompletionSource<IReadOnlyCollection<object?>> standing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of one that is suspended there is no result, only the failure.
        var (applied, others) = (0, 0);
        var suspended = new List<object?>();
        try
        {
            await foreach (var item in FluxFollowUp.RunAsync(client, change.Kustomizations, timeout, journal, cancellationToken))
            {
                if (item.Notice is FailureNotice { Error: { Id: nameof(Errors.FluxSuspended) } error })
                {
                    suspended.Add(error.Target);
                }
                else if (item.Notice is not FailureNotice)
                {
                    standing.TrySetResult(suspended);
                }

                if (item.Notice is { } notice)
                {
                    others += notice is FailureNotice ? 1 : 0;
                    yield return notice;
                }
                else
                {
                    var isApplied = item.Value!.Healthy && await IsInAsync(change, item.Value.Revision, cancellationToken);
                    (applied, others) = isApplied ? (applied + 1, others) : (applied, others + 1);
                }
            }
        }
        finally
        {
            standing.TrySetResult(suspended);
        }

        yield return applied > 0 && others == 0;
    }

    // Somebody else may have pushed meanwhile, and what he pushed be no commit that the clone has; so the newest are looked for.
    private static async Task<bool> IsInAsync(ChangeToDeliver change, string? revision, CancellationToken cancellationToken)
    {
        if (revision is null)
        {
            return false;
        }

        using var known = new DeliveryRevision(change.Commit, null);
        if (known.IsIn(revision))
        {
            return true;
        }

        try
        {
            return await change.Repository.ReadAsync((git, _, _) => GitClone.Contains(git, DeliveryRevision.HashOf(revision), change.Commit), cancellationToken);
        }
        catch (HomelabException)
        {
            // What cannot be read proves nothing.
            return false;
        }
    }

    private static bool IsTrouble(Notice? notice) => notice is FailureNotice { Error.Id: nameof(Errors.RolloutFailed) or nameof(Errors.DeliveryFailed) or nameof(Errors.DeliverySuspended) };

    // What stands still from the beginning is told by the reconciliation, which then leaves it and goes on with the others.
    private static async IAsyncEnumerable<Streamed<bool>> QuietAsync(
        IAsyncEnumerable<Streamed<bool>> stream,
        Task<IReadOnlyCollection<object?>> standing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in Merge.Independent([stream], cancellationToken))
        {
            if (IsTrouble(item.Notice)
                && !(item.Notice is FailureNotice { Error: { Id: nameof(Errors.DeliverySuspended) } error } && (await standing.WaitAsync(cancellationToken)).Contains(error.Target)))
            {
                yield return item;
            }
        }
    }

    // A Kustomization that waits for its objects is done only when its time is over, where pods say much earlier that they
    // never will be. All else that goes wrong the reconciliation tells as well.
    private static async IAsyncEnumerable<Streamed<bool>> TroubleAsync(
        ClusterClient client,
        string commit,
        ResourceReference workload,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What is new has no pods of before, whose trouble would be that of another commit.
        var isNew = await AwaitCreationAsync(client, workload, cancellationToken);
        var options = new DeliveryOptions { Commit = isNew ? null : commit, Timeout = Timeout.InfiniteTimeSpan };
        await foreach (var item in WorkloadRunsAsync(client, workload, options, journal, cancellationToken))
        {
            yield return item;
        }
    }

    // Helm tells itself what came of its pods. What a release is before is read before anything is asked for; null where there is none yet.
    private static async Task<IReadOnlyList<(ReleaseDelivery Delivery, long? Before)>> ReleasesAsync(ClusterClient client, IEnumerable<ResourceReference> awaited, DeliveryErrand errand, CancellationToken cancellationToken) =>
        await Task.WhenAll(awaited.Where(run => run.Kind == FluxKind.HelmRelease).Select(async run =>
        {
            var delivery = new ReleaseDelivery(client, run, errand);
            try
            {
                return (delivery, await delivery.GenerationAsync(cancellationToken));
            }
            catch (HomelabException)
            {
                // The commit is pushed, and what waits for the release in the end tells why it cannot be read. Until then none of its generations is new.
                return (delivery, long.MaxValue);
            }
        }));

    // A Kustomization that waits for releases may be told of before them, and they say why it fails.
    private static async Task<IReadOnlyList<Notice>> ExplainAsync(HomelabException kustomization, IEnumerable<(ReleaseDelivery Delivery, long? Before)> releases, CancellationToken cancellationToken)
    {
        var told = new List<Notice>();
        foreach (var (delivery, before) in releases.Where(release => release.Delivery.IsNamedIn(kustomization.Message)))
        {
            try
            {
                if (await delivery.FailureNowAsync(before ?? 0, cancellationToken) is { } notice)
                {
                    told.Add(notice);
                }
            }
            catch (HomelabException)
            {
                // Then the words of the Kustomization are all that there is.
            }
        }

        return told.Exists(IsTrouble) ? told : [.. told, new FailureNotice(kustomization)];
    }

    private static async IAsyncEnumerable<Streamed<bool>> ReleaseTroubleAsync(ReleaseDelivery delivery, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await delivery.FailureAsync(before, cancellationToken) is { } failure)
        {
            yield return new FailureNotice(failure);
        }
    }

    private static async Task<bool> AwaitCreationAsync(ClusterClient client, ResourceReference workload, CancellationToken cancellationToken)
    {
        if (await WorkloadTypes.FindAsync(client, workload.Kind, cancellationToken) is not { } type || await WorkloadReader.FindAsync(client, workload, cancellationToken) is not null)
        {
            return false;
        }

        var query = new ListQuery { Namespace = workload.Namespace, FieldSelector = $"metadata.name={workload.Name}" };
        await foreach (var change in client.WatchAsync(type, query, ObjectNodeContext.Default.ObjectNode, cancellationToken))
        {
            if (change.Object is not null)
            {
                break;
            }
        }

        return true;
    }
}
