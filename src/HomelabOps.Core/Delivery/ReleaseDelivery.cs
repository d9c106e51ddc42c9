using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>
/// Waits until a HelmRelease is what its Kustomization has made of it. Its status names no commit, so it is read only after the
/// Kustomization has applied its own, and nothing that it said before counts.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="release">The HelmRelease.</param>
/// <param name="errand">What is brought.</param>
internal sealed class ReleaseDelivery(ClusterClient client, ResourceReference release, DeliveryErrand errand)
{
    // The controller looks again by itself when what it waits for is there.
    private static readonly string[] Passing = ["SourceNotReady", "ArtifactFailed", "DependencyNotReady", "Progressing", "Suspended"];

    /// <summary>Waits for it, once its Kustomization has applied it.</summary>
    /// <param name="journal">
    /// Where a request to reconcile is written down; null asks for nothing. Only a request makes sure of values from elsewhere, such as a
    /// ConfigMap: the release has the same generation with them.
    /// </param>
    /// <param name="limit">Ends the waiting.</param>
    /// <returns>Null when it is released; else why it cannot be, or was not in time.</returns>
    public async Task<HomelabException?> WaitAsync(ChangeJournal? journal, CancellationToken limit)
    {
        try
        {
            return await FollowAsync(journal, limit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Errors.DeliveryTimeout(new FluxResource { Cluster = client.Name, Kind = release.Kind, Namespace = release.Namespace, Name = release.Name }, errand.Commit, errand.Timeout);
        }
        catch (HomelabException error)
        {
            return error;
        }
    }

    /// <summary>What the release is now.</summary>
    /// <returns>Its generation; null where there is no such release.</returns>
    /// <exception cref="HomelabException">It cannot be read.</exception>
    public async Task<long?> GenerationAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken))?.Metadata.Generation;

    /// <summary>Why the release fails now, or that it is suspended.</summary>
    /// <param name="before">Its generation before anything was asked for; 0 where there was none.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>
    /// The failure where it is newer; else a warning with its words, for it may have failed for an earlier commit, or for this one where Flux had
    /// taken up the push by itself. Null where it does not fail, or there is none.
    /// </returns>
    /// <exception cref="HomelabException">It cannot be read.</exception>
    public async Task<Notice?> FailureNowAsync(long before, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } wire || FailureOf(wire, out var state) is not { } failure)
        {
            return null;
        }

        return wire.Metadata.Generation > before ? new FailureNotice(failure) : new WarningNotice(Errors.Text("DeliveryReleaseFails", state.Reference, state.Reason, state.Message));
    }

    /// <summary>Whether a Kustomization says that it waits in vain for the release: its health checks name objects as <c>Kind/namespace/name status: 'Failed'</c>.</summary>
    public bool IsNamedIn(string message) => message.Contains($"{release.Kind}/{release.Namespace}/{release.Name} status: ", StringComparison.Ordinal);

    /// <summary>
    /// Follows the release until it fails as something newer than it was, or is suspended as such, as that of a stopped application is.
    /// Its Kustomization may wait for it much longer, and would not say why.
    /// </summary>
    /// <param name="before">Its generation before anything was asked for: what is read later may be the new one already.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The failure; null where there is no such release, or it is deleted.</returns>
    /// <exception cref="HomelabException">It cannot be read.</exception>
    public async Task<HomelabException?> FailureAsync(long before, CancellationToken cancellationToken)
    {
        if ((await FluxTargets.FindAsync(client, [new ResourcePattern(release)], [], [], cancellationToken)).Targets is not [var target, ..])
        {
            return null;
        }

        var type = (await FluxTypes.FindAsync(client, cancellationToken)).Single(type => type.Kind == target.Kind);
        await using var watch = new FluxObjectWatch(client, [(target, type)], CancellationToken.None);
        await foreach (var wire in watch.StatesAsync(target, cancellationToken))
        {
            if (wire is null)
            {
                break;
            }

            if (wire.Metadata.Generation > before && FailureOf(wire, out _) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>The workloads that the release has made: the controller labels all of its objects.</summary>
    public async Task<IReadOnlyList<ResourceReference>> WorkloadsAsync(CancellationToken cancellationToken)
    {
        var query = new ListQuery { LabelSelector = $"{FluxKind.HelmGroup}/name={release.Name},{FluxKind.HelmGroup}/namespace={release.Namespace}" };
        var made = new List<ResourceReference>();
        foreach (var type in await WorkloadTypes.FindAsync(client, cancellationToken))
        {
            // A CronJob has no pods to wait for.
            if (type.Kind != WorkloadTypes.CronJob)
            {
                made.AddRange((await WorkloadReader.ReadAsync(client, type, query, cancellationToken)).Select(workload => workload.Reference));
            }
        }

        return made;
    }

    private async Task<FluxWire?> ReadAsync(CancellationToken cancellationToken)
    {
        var type = (await FluxTypes.FindAsync(client, cancellationToken)).FirstOrDefault(type => type.Kind == release.Kind);
        return type is null ? null : await client.FindAsync(type, release.Namespace, release.Name, FluxWireContext.Default.HelmReleaseWire, cancellationToken);
    }

    private HomelabException? FailureOf(FluxWire wire, out FluxResource state)
    {
        state = FluxMapper.Map(wire, release.Kind, client.Name);
        return state.Suspended ? Errors.DeliverySuspended(state)
            : Released(state, wire, null) == false ? Errors.DeliveryFailed(state.Reference, errand.Commit, state.Reason, state.Message)
            : null;
    }

    private async Task<HomelabException?> FollowAsync(ChangeJournal? journal, CancellationToken limit)
    {
        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(release)], [], [], limit);
        if (found.Targets is not [var target, ..])
        {
            return found.Failures is [var failure, ..] ? failure : Errors.FluxResourceDeleted(release);
        }

        if (target.Suspended)
        {
            return Errors.DeliverySuspended(target);
        }

        var types = (await FluxTypes.FindAsync(client, limit)).ToDictionary(type => type.Kind, StringComparer.Ordinal);
        var sources = FluxSources.AllOf(target, found.All.ToDictionary(resource => resource.Reference)).Where(source => !source.Suspended && source.Reason != "Static").Reverse().ToList();
        await using var watch = new FluxObjectWatch(client, [.. sources.Append(target).Select(resource => (resource, types[resource.Kind]))], CancellationToken.None);

        // A chart of another version may come with the same commit, and until it is fetched the former one would be released anew.
        foreach (var source in sources)
        {
            if (await DeliveryStates.WaitAsync(client, watch, source, Fetched, errand, limit) is { } failure)
            {
                return failure;
            }
        }

        var token = journal is null ? null : await FluxReconciler.RequestAsync(client, types[target.Kind], target, new FluxReconcileOptions(), journal, limit);
        return await DeliveryStates.WaitAsync(client, watch, target, (resource, wire) => Released(resource, wire, token), errand, limit);
    }

    // Whether it could be fetched the last time is no matter: what was fetched before is there.
    private static bool? Fetched(FluxResource source, FluxWire wire) =>
        wire.CommonStatus?.ObservedGeneration is { } observed && observed == wire.Metadata.Generation ? true
            : source.Ready == ConditionStatus.False && IsOfGeneration(wire) ? false
            : null;

    private static bool? Released(FluxResource resource, FluxWire wire, string? token)
    {
        var status = wire.CommonStatus;
        if ((token is not null && status?.LastHandledReconcileAt != token) || status?.Conditions?.Exists(condition => condition is { Type: "Reconciling", Status: "True", Reason: "Progressing" }) == true)
        {
            return null;
        }

        return resource.Ready switch
        {
            ConditionStatus.True when status?.ObservedGeneration == wire.Metadata.Generation && IsOfGeneration(wire) => true,

            // What failed for an earlier generation may be what the commit mends.
            ConditionStatus.False when IsOfGeneration(wire) && !Passing.Contains(resource.Reason) => false,
            _ => null,
        };
    }

    // Older controllers do not say of which generation a condition is.
    private static bool IsOfGeneration(FluxWire wire) =>
        (wire.CommonStatus?.Conditions?.Find(condition => condition.Type == "Ready")?.ObservedGeneration ?? wire.CommonStatus?.ObservedGeneration) == wire.Metadata.Generation;
}
