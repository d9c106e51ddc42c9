namespace HomelabOps.Core;

/// <summary>Errors of reading logs, usage and objects of any kind.</summary>
internal static partial class Errors
{
    /// <summary>An application without a number of pods.</summary>
    public static HomelabException AppNotScalable(ResourceReference app) => new(
        nameof(AppNotScalable), ErrorKind.InvalidOperation, Text(nameof(AppNotScalable), app), app);

    /// <summary>A CronJob, whose pods come and go by themselves.</summary>
    public static HomelabException AppNotRestartable(ResourceReference app) => new(
        nameof(AppNotRestartable), ErrorKind.InvalidOperation, Text(nameof(AppNotRestartable), app), app);

    /// <summary>An application without pods, which a restart would not bring up.</summary>
    public static HomelabException AppNotRunning(HomelabApp app) => new(
        nameof(AppNotRunning), ErrorKind.InvalidOperation, Text(nameof(AppNotRunning), app.Reference, app.Message), app.Reference);

    /// <summary>Something that belongs to no application.</summary>
    public static HomelabException AppUnknown(ResourceReference reference) => new(
        nameof(AppUnknown), ErrorKind.ObjectNotFound, Text(nameof(AppUnknown), reference), reference);

    /// <summary>What VolSync runs to copy the data of an application, and is none itself.</summary>
    public static HomelabException AppUnknownMover(ResourceReference reference) => new(
        nameof(AppUnknown), ErrorKind.ObjectNotFound, Text(nameof(AppUnknown) + "_Mover", reference), reference);

    /// <summary>A literal container name that none of the pods has.</summary>
    public static HomelabException ContainerNotFound(string cluster, string container, IEnumerable<string> existing) => new(
        nameof(ContainerNotFound),
        ErrorKind.ObjectNotFound,
        Text(nameof(ContainerNotFound), cluster, container, string.Join(", ", existing)),
        container);

    /// <summary>The log of a container that is over cannot be followed.</summary>
    public static HomelabException FollowPrevious() => Make(nameof(FollowPrevious), ErrorKind.InvalidArgument, null);

    /// <summary>A kind that the cluster does not serve.</summary>
    public static HomelabException KindNotFound(string cluster, string kind, IReadOnlyList<string> near) => new(
        nameof(KindNotFound),
        ErrorKind.ObjectNotFound,
        near.Count == 0
            ? Text(nameof(KindNotFound), cluster, kind)
            : Text(nameof(KindNotFound) + "_Near", cluster, kind, string.Join(", ", near)),
        kind);

    /// <summary>A name alone does not say which object is meant.</summary>
    public static HomelabException KindRequired(string? name) => new(
        nameof(KindRequired), ErrorKind.InvalidArgument, Text(nameof(KindRequired)), name);

    /// <summary>One container's log that cannot be read.</summary>
    public static HomelabException LogUnavailable(string cluster, string pod, string container, string node, string detail) => new(
        nameof(LogUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(LogUnavailable), cluster, pod, container, node, detail), pod);

    /// <summary>Something by pipe that is no object of a cluster.</summary>
    public static HomelabException NotAReference(object? input) => new(
        nameof(NotAReference), ErrorKind.InvalidArgument, Text(nameof(NotAReference), input as string ?? input?.GetType().Name), input);

    /// <summary>Nobody in the cluster says what is in use.</summary>
    public static HomelabException UsageUnavailable(string cluster, string metricsDetail, string kubeletDetail) => new(
        nameof(UsageUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(UsageUnavailable), cluster, metricsDetail, kubeletDetail), cluster);

    /// <summary>The figures of one node are missing.</summary>
    public static HomelabException UsageUnavailableNode(string cluster, string node, string detail) => new(
        nameof(UsageUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(UsageUnavailable) + "_Node", cluster, node, detail), node);
}
