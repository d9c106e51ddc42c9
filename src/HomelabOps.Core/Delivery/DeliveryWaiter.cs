using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>
/// Waits until an application runs: with a commit until it has passed the source, the Kustomizations and the HelmRelease, and
/// then until the pods of what came of it are ready. All by watches, and over at once when a controller or a pod says that it fails.
/// </summary>
internal static class DeliveryWaiter
{
    /// <summary>Waits for a workload.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="options">What is waited for, and for how long.</param>
    /// <param name="journal">Where a request to fetch is written down.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What is waited for, then how it stands; an error follows where it is not complete.</returns>
    public static async IAsyncEnumerable<Streamed<RolloutStatus>> WaitAsync(
        ClusterClient client,
        ResourceReference workload,
        DeliveryOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var notices = Channel.CreateUnbounded<Notice>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var run = new Run(client, workload, options, journal, notices.Writer);
        var running = run.FinishAsync(limit.Token, cancellationToken);
        await foreach (var notice in notices.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }

        var failure = await running;
        yield return run.Status;
        if (failure is not null)
        {
            yield return new FailureNotice(failure);
        }
    }

    private sealed class Run(ClusterClient client, ResourceReference workload, DeliveryOptions options, ChangeJournal journal, ChannelWriter<Notice> notices)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly string _activity = Errors.Text("RolloutWaiting", workload);

        public RolloutStatus Status { get; private set; } = new() { Cluster = client.Name, Kind = workload.Kind, Namespace = workload.Namespace, Name = workload.Name, Commit = options.Commit };

        // Completes the notices whatever comes, or their reader would wait for ever.
        public async Task<HomelabException?> FinishAsync(CancellationToken limit, CancellationToken stop)
        {
            try
            {
                var failure = await FollowAsync(limit);
                Status = Status with { Reason = Status.Reason.Length > 0 ? Status.Reason : failure?.Id ?? "", Message = Status.Message.Length > 0 ? Status.Message : failure?.Message ?? "", Duration = _clock.Elapsed };
                return failure;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                Status = Status with { Duration = _clock.Elapsed };
                return Errors.RolloutTimeout(workload, options.Timeout, Status.Message);
            }
            catch (HomelabException error)
            {
                Status = Status with { Reason = error.Id, Message = error.Message, Duration = _clock.Elapsed };
                return error;
            }
            finally
            {
                notices.TryWrite(new ProgressNotice(_activity, _activity, IsDone: true));
                notices.Complete();
            }
        }

        private async Task<HomelabException?> FollowAsync(CancellationToken limit)
        {
            if (options.Commit is { } commit)
            {
                using var revision = new DeliveryRevision(commit, options.Repository);
                var chain = await DeliveryChain.FindAsync(client, workload, limit);
                await using var steps = await DeliverySteps.OpenAsync(client, chain, revision, options.Timeout, limit);
                if (options.Reconcile && await FetchAsync(chain, revision, limit) is { } refused)
                {
                    return refused;
                }

                if (await PassAsync(chain, steps, commit, limit) is { } failure)
                {
                    Status = Status with { Reason = failure.Id, Message = failure.Message };
                    return failure;
                }

                Status = Status with { Revision = steps.Revision };
            }

            return await RollOutAsync(limit);
        }

        private async Task<HomelabException?> PassAsync(DeliveryChain chain, DeliverySteps steps, string commit, CancellationToken limit)
        {
            foreach (var resource in chain.Revised)
            {
                Tell(Errors.Text("RolloutWaiting", resource.Reference));
                if (await steps.WaitAsync(resource, limit) is { } failure)
                {
                    return failure;
                }
            }

            if (chain.Release is not { } release)
            {
                return null;
            }

            Tell(Errors.Text("RolloutWaiting", release.Reference));
            return await new ReleaseDelivery(client, release.Reference, new(commit, options.Timeout)).WaitAsync(options.Reconcile ? journal : null, limit);
        }

        private async Task<HomelabException?> FetchAsync(DeliveryChain chain, DeliveryRevision revision, CancellationToken limit)
        {
            var reconcile = new FluxReconcileOptions { Timeout = options.Timeout };
            var last = chain.Source.Revision;
            await foreach (var item in FluxReconciler.RunAsync(client, FluxReconcilePlan.Make([chain.Source], chain.Revised, reconcile), reconcile, journal, limit))
            {
                if (item.Notice is FailureNotice { Error: var error })
                {
                    return error;
                }

                last = item.Value?.Revision ?? last;
            }

            return revision.IsIn(last) ? null : Errors.DeliveryBehind(chain.Source.Reference, Display.Revision(last), revision.Commit);
        }

        private async Task<HomelabException?> RollOutAsync(CancellationToken limit)
        {
            if (await WorkloadReader.FindAsync(client, workload, limit) is not { } found)
            {
                return Errors.RolloutGone(workload);
            }

            Take(new(RolloutState.Of(found), null, found.Wire.Metadata.Generation));
            if (found.Type.Kind == WorkloadTypes.CronJob)
            {
                return null;
            }

            if (await RolloutWaiter.WaitAsync(client, found, Take, limit) is not { } last)
            {
                limit.ThrowIfCancellationRequested();
                return Errors.RolloutGone(workload);
            }

            Take(last);
            return last.Trouble is { } trouble ? Errors.RolloutFailed(workload, trouble.Reason, trouble.Message) : null;
        }

        private void Take(RolloutStep step)
        {
            Status = Status with
            {
                Generation = step.Generation,
                Replicas = step.State.Replicas,
                Updated = step.State.Updated,
                Available = step.State.Available,
                Complete = step.State.Complete,
                Reason = step.Trouble?.Reason ?? step.State.Reason,
                Message = step.Trouble?.Message ?? step.State.Message,
            };
            Tell(Status.Message);
        }

        private void Tell(string status) => notices.TryWrite(new ProgressNotice(_activity, status.Length > 0 ? Display.FirstLine(status) : _activity, IsDone: false));
    }
}
