using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Pods of moved applications on the target.</summary>
internal static class TargetPods
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether one of them was ever more than scheduled, and so may have written.</summary>
    public static async Task<bool> HaveStartedAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken) => (await ReadAsync(options, record, cancellationToken)).Exists(HasStarted);

    /// <summary>The nodes that pods of the applications really run on.</summary>
    public static async Task<IReadOnlyList<string>> NodesAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (apps, found) = (context.Record.Apps.Select(context.Reference).ToHashSet(), new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var (pod, owner) in PodReader.ReadWiresAsync(context.Options.Client, new ListQuery { FieldSelector = "status.phase=Running" }, new(new()), new(context.Options.Client), cancellationToken))
        {
            if (owner is not null && apps.Contains(owner) && pod.Metadata.DeletionTimestamp is null && pod.Spec?.NodeName is { Length: > 0 } node)
            {
                found.Add(node);
            }
        }

        return [.. found];
    }

    /// <summary>Writes down when the first of them starts, from then on the data there is the newer one, whatever becomes of this process.</summary>
    public static async Task NoteAsync(OperationContext context, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Glance);
        while (!context.Record.HasRun)
        {
            try
            {
                if (await HaveStartedAsync(context.Options, context.Record, cancellationToken))
                {
                    context.Record.HasRun = true;
                    context.Save();
                    return;
                }
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                // A server that is away for a moment; the next look tells as well.
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Does what may start them, and notes meanwhile whether they have.</summary>
    public static async Task<T> NotingAsync<T>(OperationContext context, Func<Task<T>> act, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var noting = NoteAsync(context, stop.Token);
        try
        {
            return await act();
        }
        finally
        {
            await stop.CancelAsync();
            await noting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until there are none any more.</summary>
    /// <returns>False when the time is over.</returns>
    public static async Task<bool> HaveEndedAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Glance);
        for (var end = DateTime.UtcNow + options.Timeout; DateTime.UtcNow < end; await timer.WaitForNextTickAsync(cancellationToken))
        {
            if ((await ReadAsync(options, record, cancellationToken)).Count == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A pod, not of a mover, that has one of some claims; null for none.</summary>
    public static async Task<string?> FindUserAsync(FailoverOptions options, OperationRecord record, string @namespace, IReadOnlySet<string> claims, CancellationToken cancellationToken)
    {
        await foreach (var (pod, _) in PodReader.ReadWiresAsync(options.Client, new ListQuery { Namespace = @namespace, FieldSelector = $"spec.nodeName={record.To}" }, new(new()), new(options.Client), cancellationToken))
        {
            if (pod.Status?.Phase is not ("Succeeded" or "Failed") && pod.Metadata.Labels?.GetValueOrDefault(MoverNames.CreatedBy) != MoverNames.Creator
                && pod.Spec?.Volumes?.Exists(volume => volume.PersistentVolumeClaim is { } claim && claims.Contains(claim.ClaimName)) == true)
            {
                return $"Pod/{pod.Metadata.Namespace}/{pod.Metadata.Name}";
            }
        }

        return null;
    }

    private static async Task<List<PodWire>> ReadAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var (apps, found) = (record.Apps.Select(app => app.Reference(options.Client.Name)).ToHashSet(), new List<PodWire>());
        await foreach (var (pod, owner) in PodReader.ReadWiresAsync(options.Client, new ListQuery { FieldSelector = $"spec.nodeName={record.To}" }, new(new()), new(options.Client), cancellationToken))
        {
            found.AddRange(owner is not null && apps.Contains(owner) ? [pod] : []);
        }

        return found;
    }

    private static bool HasStarted(PodWire pod) => pod.Status?.Phase is "Running" or "Succeeded" or "Failed"
        || (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Any(status => status.RestartCount > 0 || status.State?.Running is not null || status.State?.Terminated is not null);
}
