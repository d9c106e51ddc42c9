namespace HomelabOps.Core;

/// <summary>Errors on the way from a commit to running pods.</summary>
internal static partial class Errors
{
    /// <summary>What was given as a commit is none.</summary>
    public static HomelabException CommitInvalid(string commit) => Make(nameof(CommitInvalid), ErrorKind.InvalidArgument, commit, commit);

    /// <summary>The source has fetched, and what it fetched does not have the commit.</summary>
    public static HomelabException DeliveryBehind(ResourceReference source, string revision, string commit) => new(
        nameof(DeliveryBehind), ErrorKind.ObjectNotFound, Text(nameof(DeliveryBehind), source, revision, Display.Commit(commit)), source);

    /// <summary>A controller of Flux tried this very commit and failed; its own words.</summary>
    public static HomelabException DeliveryFailed(ResourceReference resource, string commit, string reason, string message) => new(
        nameof(DeliveryFailed), ErrorKind.InvalidOperation, Text(nameof(DeliveryFailed), resource, Display.Commit(commit), reason, message), resource);

    /// <summary>Flux is held up, and only it knows all values of an application.</summary>
    public static HomelabException DirectApplyImpossible(ResourceReference workload) => new(
        nameof(DirectApplyImpossible), ErrorKind.InvalidOperation, Text(nameof(DirectApplyImpossible), workload), workload);

    /// <summary>Something on the way stands still on purpose.</summary>
    public static HomelabException DeliverySuspended(FluxResource resource) => new(
        nameof(DeliverySuspended),
        ErrorKind.ResourceUnavailable,
        Text(nameof(DeliverySuspended), resource.Reference, resource.Suspension?.ToString() is { Length: > 0 } known ? $" ({known})" : ""),
        resource.Reference);

    /// <summary>The commit did not get past an object of Flux in time.</summary>
    public static HomelabException DeliveryTimeout(FluxResource resource, string commit, TimeSpan limit) => new(
        nameof(DeliveryTimeout),
        ErrorKind.OperationTimeout,
        Text(nameof(DeliveryTimeout), resource.Reference, Display.Commit(commit), limit.TotalSeconds, resource.Revision is { } revision ? Display.Revision(revision) : Text("Detail_DeliveryNever"), resource.Message),
        resource.Reference);

    /// <summary>A pod of the newest template, or the workload, is in trouble that does not pass by itself.</summary>
    public static HomelabException RolloutFailed(ResourceReference workload, string reason, string message) => new(
        nameof(RolloutFailed), ErrorKind.InvalidOperation, Text(nameof(RolloutFailed), workload, reason, message), workload);

    /// <summary>The workload was deleted while it was waited for.</summary>
    public static HomelabException RolloutGone(ResourceReference workload) => new(
        nameof(RolloutGone), ErrorKind.ObjectNotFound, Text(nameof(RolloutGone), workload), workload);

    /// <summary>The rollout was not complete in time.</summary>
    public static HomelabException RolloutTimeout(ResourceReference workload, TimeSpan limit, string message) => new(
        nameof(RolloutTimeout), ErrorKind.OperationTimeout, Text(nameof(RolloutTimeout), workload, limit.TotalSeconds, message), workload);
}
