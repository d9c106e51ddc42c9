using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Delivery;

/// <summary>
/// Brings a commit to the cluster also where Flux is held up: it waits with a new revision until what it checks the health of has
/// answered or its time is over, and until all that a Kustomization depends on is ready, and with a node that is gone much of it never is.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="committer">The repository.</param>
/// <param name="patterns">Where charts have values of applications, besides the usual places.</param>
/// <param name="journal">Where requests and changes are written down.</param>
/// <param name="timeout">How long fetching may take.</param>
internal sealed class CommitArrival(ClusterClient client, RepositoryCommitter committer, IReadOnlyList<ValuePattern> patterns, ChangeJournal journal, TimeSpan timeout)
{
    /// <summary>How long Flux has to come to a commit where nothing else was said.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long Flux has to come to it.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>Lets Flux fetch the commit and apply it; what it has not come to after a while is applied as it would do it itself.</summary>
    /// <param name="commit">Hash of the commit.</param>
    /// <param name="workloads">The workloads that change with it.</param>
    /// <param name="others">Other objects that change with it.</param>
    /// <param name="folder">A clone that knows which revisions come after it; null when none is known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The workloads that were applied past Flux.</returns>
    /// <exception cref="HomelabException">DeliveryFailed, DeliverySuspended, DeliveryBehind, FluxOwnerNotFound, and those of a fetch.</exception>
    public async Task<IReadOnlyList<ResourceReference>> BringAsync(string commit, IReadOnlyList<ResourceReference> workloads, IReadOnlyList<ResourceReference> others, string? folder, CancellationToken cancellationToken)
    {
        using var revision = new DeliveryRevision(commit, folder);
        var chains = new List<(ResourceReference Workload, DeliveryChain Chain)>();
        foreach (var workload in workloads)
        {
            // A release that was suspended to stop its application is not waited for here.
            chains.Add((workload, await DeliveryChain.FindAsync(client, workload, cancellationToken) with { Release = null }));
        }

        foreach (var source in chains.Select(entry => entry.Chain).DistinctBy(chain => chain.Source.Reference))
        {
            await FetchAsync(source, revision, cancellationToken);
        }

        var late = new List<ResourceReference>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        foreach (var (workload, chain) in chains)
        {
            if (!await HasPassedAsync(chain, revision, patience.Token, cancellationToken))
            {
                late.Add(workload);
            }
        }

        if (late.Count > 0)
        {
            await new DirectApply(client, committer, patterns, journal).RunAsync(late, others, commit, cancellationToken);
        }

        return late;
    }

    /// <summary>Lets the sources of workloads fetch a commit, and nothing be applied of it that is held.</summary>
    /// <param name="commit">Hash of the commit.</param>
    /// <param name="workloads">The workloads.</param>
    /// <param name="folder">A clone that knows which revisions come after it; null when none is known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HomelabException">DeliveryBehind, FluxOwnerNotFound, and those of a fetch.</exception>
    public async Task FetchAsync(string commit, IReadOnlyList<ResourceReference> workloads, string? folder, CancellationToken cancellationToken)
    {
        using var revision = new DeliveryRevision(commit, folder);
        var chains = new List<DeliveryChain>();
        foreach (var workload in workloads)
        {
            chains.Add(await DeliveryChain.FindAsync(client, workload, cancellationToken));
        }

        foreach (var chain in chains.DistinctBy(chain => chain.Source.Reference))
        {
            await FetchAsync(chain, revision, cancellationToken);
        }
    }

    private async Task<bool> HasPassedAsync(DeliveryChain chain, DeliveryRevision revision, CancellationToken patience, CancellationToken cancellationToken)
    {
        await using var steps = await DeliverySteps.OpenAsync(client, chain, revision, timeout, cancellationToken);
        foreach (var resource in chain.Revised)
        {
            if (await steps.WaitAsync(resource, patience) is { } failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                
                // A webhook that went away with the node refuses whole Kustomizations; what is wrong with the commit itself is found when it is applied.
                return failure.Id is nameof(Errors.DeliveryTimeout) or nameof(Errors.DeliveryFailed) ? false : throw failure;
            }
        }

        return true;
    }

    private async Task FetchAsync(DeliveryChain chain, DeliveryRevision revision, CancellationToken cancellationToken)
    {
        var options = new FluxReconcileOptions { Timeout = timeout };
        var last = chain.Source.Revision;
        await foreach (var item in FluxReconciler.RunAsync(client, FluxReconcilePlan.Make([chain.Source], chain.Revised, options), options, journal, cancellationToken))
        {
            if (item.Notice is FailureNotice { Error: var error })
            {
                throw error;
            }

            last = item.Value?.Revision ?? last;
        }

        if (!revision.IsIn(last))
        {
            throw Errors.DeliveryBehind(chain.Source.Reference, Display.Revision(last), revision.Commit);
        }
    }
}
