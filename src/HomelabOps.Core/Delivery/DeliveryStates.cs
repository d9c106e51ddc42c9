using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Delivery;

/// <summary>Follows one object of Flux until a commit has got past it, or cannot.</summary>
internal static class DeliveryStates
{
    /// <summary>Waits for the object.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="watch">Tells its states.</param>
    /// <param name="resource">The object.</param>
    /// <param name="judge">Whether the commit has passed it in a state: true, false when it failed, null when it is not known yet.</param>
    /// <param name="errand">What is brought, for errors.</param>
    /// <param name="limit">Ends the waiting.</param>
    /// <returns>Null when it has passed; else why it cannot, or has not in time.</returns>
    public static async Task<HomelabException?> WaitAsync(
        ClusterClient client,
        FluxObjectWatch watch,
        FluxResource resource,
        Func<FluxResource, FluxWire, bool?> judge,
        DeliveryErrand errand,
        CancellationToken limit)
    {
        var last = resource;
        try
        {
            await foreach (var wire in watch.StatesAsync(resource, limit))
            {
                if (wire is null)
                {
                    break;
                }

                last = FluxMapper.Map(wire, resource.Kind, client.Name);
                switch (judge(last, wire))
                {
                    case true:
                        return null;
                    case var _ when last.Suspended:
                        return Errors.DeliverySuspended(last);
                    case false:
                        return Errors.DeliveryFailed(last.Reference, errand.Commit, last.Reason, last.Message);
                    default:
                        break;
                }
            }

            return Errors.FluxResourceDeleted(resource.Reference);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Errors.DeliveryTimeout(last, errand.Commit, errand.Timeout);
        }
    }
}
