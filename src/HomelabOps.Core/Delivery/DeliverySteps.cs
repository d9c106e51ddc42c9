using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Delivery;

/// <summary>
/// Waits for each object on the way of a commit, by watches that are open from the beginning: their states say which revision
/// they are of, so that a former one is not taken for the commit's. For a release, whose state does not, see <see cref="ReleaseDelivery"/>.
/// </summary>
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
        var watch = new FluxObjectWatch(client, [.. chain.Revised.Select(resource => (resource, types[resource.Kind]))], CancellationToken.None);
        return new(client, watch, revision, timeout);
    }

    /// <summary>Waits until the commit has passed an object.</summary>
    /// <returns>Null when it has; else why it cannot, or has not in time.</returns>
    public async Task<HomelabException?> WaitAsync(FluxResource resource, CancellationToken limit)
    {
        var isFirst = true;
        return await DeliveryStates.WaitAsync(_client, _watch, resource, Judge, new(_revision.Commit, _timeout), limit);

        bool? Judge(FluxResource current, FluxWire wire)
        {
            if (HasPassed(current, wire))
            {
                Revision = current.Kind == FluxKind.Kustomization ? AppliedRevision(current) : Revision;
                return true;
            }

            var failed = Failed(current, isFirst);
            isFirst = false;
            return failed ? false : null;
        }
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private static string? AppliedRevision(FluxResource kustomization) =>
        kustomization.Reason is "HealthCheckFailed" or "Progressing" ? kustomization.AttemptedRevision ?? kustomization.Revision : kustomization.Revision;

    private bool HasPassed(FluxResource resource, FluxWire wire) => resource.Kind switch
    {
        FluxKind.Kustomization => _revision.IsIn(resource.Revision) || IsInHealthChecks(resource, wire),
        _ => _revision.IsIn(resource.Revision),
    };

    // All is applied by then, and what is still waited for may be other applications, or ours, whose pods say more.
    private bool IsInHealthChecks(FluxResource kustomization, FluxWire wire) => _revision.IsIn(kustomization.AttemptedRevision)
        && (kustomization.Reason == "HealthCheckFailed"
            || wire.CommonStatus?.Conditions?.Exists(condition => condition is { Type: "Reconciling", Status: "True" }
                && condition.Message?.StartsWith("Running health checks", StringComparison.Ordinal) == true) == true);

    private bool Failed(FluxResource resource, bool isFirst)
    {
        if (resource.Ready != ConditionStatus.False || resource.Reason is "DependencyNotReady" or "Progressing" or "Suspended")
        {
            return false;
        }

        return resource.Kind switch
        {
            // What failed for an earlier revision may be what the commit mends.
            FluxKind.Kustomization => _revision.IsIn(resource.AttemptedRevision),

            // A failure of before is tried again.
            _ => !isFirst,
        };
    }
}
