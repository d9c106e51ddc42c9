namespace HomelabOps.Core;

/// <summary>Errors of VolSync's replications and of Syncthing.</summary>
internal static partial class Errors
{
    /// <summary>VolSync's group is not served.</summary>
    public static HomelabException VolSyncNotInstalled(string cluster) => new(
        nameof(VolSyncNotInstalled), ErrorKind.ObjectNotFound, Text(nameof(VolSyncNotInstalled), cluster), cluster);

    /// <summary>Nothing says what key a Syncthing wants.</summary>
    public static HomelabException SyncthingKeyUnknown(ResourceReference syncthing, string detail) => new(
        nameof(SyncthingKeyUnknown), ErrorKind.ObjectNotFound, Text(nameof(SyncthingKeyUnknown), syncthing, detail), syncthing);

    /// <summary>A Syncthing without a pod that is ready.</summary>
    public static HomelabException SyncthingNotRunning(ResourceReference syncthing, HomelabPod? pod = null) => new(
        nameof(SyncthingNotRunning),
        ErrorKind.ResourceUnavailable,
        pod is null ? Text(nameof(SyncthingNotRunning), syncthing) : Text(nameof(SyncthingNotRunning) + "_Pod", syncthing, pod.Name, pod.Message.Length > 0 ? pod.Message : pod.Status),
        syncthing);

    /// <summary>A Syncthing that does not take the key.</summary>
    public static HomelabException SyncthingRefused(ResourceReference syncthing, int status, string detail) => new(
        nameof(SyncthingRefused), ErrorKind.PermissionDenied, Text(nameof(SyncthingRefused), syncthing, status, detail), syncthing);

    /// <summary>A Syncthing that does not answer, or not as one does.</summary>
    public static HomelabException SyncthingUnreachable(ResourceReference syncthing, string detail) => new(
        nameof(SyncthingUnreachable), ErrorKind.ConnectionError, Text(nameof(SyncthingUnreachable), syncthing, detail), syncthing);

    /// <summary>A pod of its own, which nothing would make anew.</summary>
    public static HomelabException SyncthingBare(ResourceReference pod) => new(
        nameof(SyncthingBare), ErrorKind.InvalidOperation, Text(nameof(SyncthingBare), pod), pod);

    /// <summary>No new pod was ready in time.</summary>
    public static HomelabException SyncthingRestartTimeout(ResourceReference syncthing, TimeSpan timeout, HomelabPod? pod) => new(
        nameof(SyncthingRestartTimeout),
        ErrorKind.OperationTimeout,
        pod is null ? Text(nameof(SyncthingRestartTimeout), syncthing, timeout.TotalSeconds) : Text(nameof(SyncthingRestartTimeout) + "_Pod", syncthing, timeout.TotalSeconds, pod.Name, pod.Message.Length > 0 ? pod.Message : pod.Status),
        syncthing);

    /// <summary>A run that VolSync, or a Syncthing, says has failed.</summary>
    public static HomelabException ReplicationFailed(ResourceReference replication, string detail) => new(
        nameof(ReplicationFailed), ErrorKind.ResourceUnavailable, Text(nameof(ReplicationFailed), replication, detail), replication);

    /// <summary>A replication that is not there any more.</summary>
    public static HomelabException ReplicationGone(ResourceReference replication) => new(
        nameof(ReplicationGone), ErrorKind.ObjectNotFound, Text(nameof(ReplicationGone), replication), replication);

    /// <summary>A replication that begins by itself only.</summary>
    public static HomelabException ReplicationNotStartable(ResourceReference replication, string method) => new(
        nameof(ReplicationNotStartable),
        ErrorKind.InvalidOperation,
        Text(method is "" or "external" ? nameof(ReplicationNotStartable) : nameof(ReplicationNotStartable) + "_Receiver", replication),
        replication);

    /// <summary>A replication that would write over the data that an application uses.</summary>
    public static HomelabException ReplicationOntoApp(ResourceReference replication, string claim, ResourceReference pod, string app) => new(
        nameof(ReplicationOntoApp), ErrorKind.InvalidOperation, Text(nameof(ReplicationOntoApp), replication, claim, pod, app), replication);

    /// <summary>A replication that would not run.</summary>
    public static HomelabException ReplicationPaused(ResourceReference replication) => new(
        nameof(ReplicationPaused), ErrorKind.InvalidOperation, Text(nameof(ReplicationPaused), replication), replication);

    /// <summary>A run that was not over in time.</summary>
    public static HomelabException ReplicationTimeout(ResourceReference replication, TimeSpan timeout, string detail) => new(
        nameof(ReplicationTimeout), ErrorKind.OperationTimeout, Text(nameof(ReplicationTimeout), replication, timeout.TotalSeconds, detail), replication);

    /// <summary>A manual trigger that could not be taken away again.</summary>
    public static HomelabException ReplicationTriggerLeft(ResourceReference replication, string detail) => new(
        nameof(ReplicationTriggerLeft), ErrorKind.ResourceUnavailable, Text(nameof(ReplicationTriggerLeft), replication, detail), replication);
}
