namespace HomelabOps.Core;

/// <summary>Errors of mending findings.</summary>
internal static partial class Errors
{
    /// <summary>Something else than a finding was piped.</summary>
    public static HomelabException FindingRequired() => new(nameof(FindingRequired), ErrorKind.InvalidArgument, Text(nameof(FindingRequired)), terminates: true);

    /// <summary>The time is over and something is still not there.</summary>
    public static HomelabException HomelabNotReady(string cluster, TimeSpan timeout, int open) => new(
        nameof(HomelabNotReady), ErrorKind.OperationTimeout, Text(nameof(HomelabNotReady), cluster, Display.Duration(timeout), open), cluster);

    /// <summary>What a finding is about is not there any more.</summary>
    public static HomelabException RepairTargetGone(ResourceReference target) => new(nameof(RepairTargetGone), ErrorKind.ObjectNotFound, Text(nameof(RepairTargetGone), target), target);
}
