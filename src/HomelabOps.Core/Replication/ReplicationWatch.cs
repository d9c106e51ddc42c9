using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>Follows one replication.</summary>
internal static class ReplicationWatch
{
    /// <summary>Waits until something holds of a replication.</summary>
    /// <exception cref="HomelabException">ReplicationGone.</exception>
    public static async Task<ReplicationWire> UntilAsync(ClusterClient client, ResourceType type, ResourceReference replication, Func<ReplicationWire, bool> holds, CancellationToken cancellationToken)
    {
        var only = new ListQuery { Namespace = replication.Namespace, FieldSelector = $"metadata.name={replication.Name}" };
        var wasSeen = false;
        await foreach (var change in client.WatchAsync(type, only, ReplicationWireContext.Default.ReplicationWire, cancellationToken))
        {
            wasSeen |= change.Object is not null;
            if (change.Kind == WatchEventKind.Deleted || (change.Kind == WatchEventKind.Synchronized && !wasSeen))
            {
                throw Errors.ReplicationGone(replication);
            }

            if (change.Object is { } item && holds(item))
            {
                return item;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw Errors.ReplicationGone(replication);
    }
}
