using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Delivery;

/// <summary>Waits for each object on the way of a commit, by watches that are open from the beginning.</summary>
internal sealed class DeliverySteps : IAsyncDisposable
{
    private readonly FluxObjectWatch _watch;
    private readonly DeliveryRevision _revision;
    private readonly ClusterClient _client;
    private readonly TimeSpan _timeout;

    private DeliverySteps(ClusterClient client, FluxObjectWatch watch, DeliveryRevision revision, TimeSpan timeout) =>
        (_client, _watch, _revision, _timeout) = (client, watch, revision, timeout);

    /// <summary>The revision that was applied last, once a Kustomization was waited for.</summary>
    public string? Revision { get; private set; }

    /// <summary>Opens the watches.</summary>
    public static async Task<DeliverySteps> OpenAsync(ClusterClient client, DeliveryChain chain, DeliveryRevision revision, TimeSpan timeout, CancellationToken limit)
    {
        var types = (await FluxTypes.FindAsync(client, limit)).ToDictionary(type => type.Kind, StringComparer.Ordinal);

        // Of their own, since they go on until they are closed, and not until the time is over: that is noticed by who waits.
        var watch = new FluxObjectWatch(client, [.. chain.All.Select(resource => (resource, types[resource.Kind]))], CancellationToken.None);
        return new(client, watch, revision, timeout);
    }

    /// <summary>Waits until the commit has passed an object.</summary>
    /// <returns>Null when it has; else why it cannot, or has not in time.</returns>
    public async Task<HomelabException?> WaitAsync(FluxResource resource, CancellationToken limit)
    {
        var (last, isFirst) = (resource, true);
        try
        {
            await foreach (var wire in _watch.StatesAsync(resource, limit))
            {
                if (wire is null)
                {
                    return Errors.FluxResourceDeleted(resource.Reference);
                }

                last = FluxMapper.Map(wire, resource.Kind, _client.Name);
                if (HasPassed(last, wire))
                {
                    Revision = last.Kind == FluxKind.Kustomization ? AppliedRevision(last) : Revision;
                    return null;
                }

                if (last.Suspended)
                {
                    return Errors.DeliverySuspended(last);
                }

                if (Failed(last, wire, isFirst))
                {
                    return Errors.DeliveryFailed(last.Reference, _revision.Commit, last.Reason, last.Message);
                }

                isFirst = false;
            }

            return Errors.FluxResourceDeleted(resource.Reference);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Errors.DeliveryTimeout(last, _revision.Commit, _timeout);
        }
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private static string? AppliedRevision(FluxResource kustomization) =>
        kustomization.Reason is "HealthCheckFailed" or "Progressing" ? kustomization.AttemptedRevision ?? kustomization.Revision : kustomization.Revision;

    private bool HasPassed(FluxResource resource, FluxWire wire) => resource.Kind switch
    {
        FluxKind.Kustomization => _revision.IsIn(resource.Revision) || IsInHealthChecks(resource, wire),
        FluxKind.HelmRelease => resource.Ready == ConditionStatus.True && wire.CommonStatus?.ObservedGeneration == wire.Metadata.Generation,
        _ => _revision.IsIn(resource.Revision),
    };

    // All is applied by then, and what is still waited for may be other applications, or ours, whose pods say more.
    private bool IsInHealthChecks(FluxResource kustomization, FluxWire wire) => _revision.IsIn(kustomization.AttemptedRevision)
        && (kustomization.Reason == "HealthCheckFailed"
            || wire.CommonStatus?.Conditions?.Exists(condition => condition is { Type: "Reconciling", Status: "True" }
                && condition.Message?.StartsWith("Running health checks", StringComparison.Ordinal) == true) == true);

    private bool Failed(FluxResource resource, FluxWire wire, bool isFirst)
    {
        if (resource.Ready != ConditionStatus.False || resource.Reason is "DependencyNotReady" or "Progressing" or "Suspended")
        {
            return false;
        }

        return resource.Kind switch
        {
            // What failed for an earlier revision may be what the commit mends.
            FluxKind.Kustomization => _revision.IsIn(resource.AttemptedRevision),

            // So may be an upgrade of an earlier generation; the condition says of which one it is.
            FluxKind.HelmRelease => resource.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.ObservedGeneration == wire.Metadata.Generation
                && resource.Reason is not ("SourceNotReady" or "ArtifactFailed"),

            // A failure of before is tried again.
            _ => !isFirst,
        };
    }
}
