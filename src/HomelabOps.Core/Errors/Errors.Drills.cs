namespace HomelabOps.Core;

/// <summary>Errors of drills.</summary>
internal static partial class Errors
{
    /// <summary>The repository is none that the cluster follows.</summary>
    public static HomelabException DrillCopyOtherRepository(string cluster, string repository) => Make(
        nameof(DrillCopyOtherRepository), ErrorKind.InvalidArgument, repository, repository, cluster);

    /// <summary>What was broken was not found.</summary>
    public static HomelabException DrillNotDetected(string scenario, string reason, IReadOnlyList<HomelabFinding> found) => Make(
        nameof(DrillNotDetected), ErrorKind.InvalidData, scenario, scenario, reason, Names(found));

    /// <summary>What was broken is still so, or has left something behind.</summary>
    public static HomelabException DrillNotRecovered(string scenario, IReadOnlyList<HomelabFinding> found) => Make(
        nameof(DrillNotRecovered), ErrorKind.InvalidData, scenario, scenario, Names(found));

    /// <summary>A drill was asked for that needs the embedded homelab.</summary>
    public static HomelabException DrillNotOnCopy(string name, IReadOnlyList<string> possible) => Make(
        nameof(DrillNotOnCopy), ErrorKind.InvalidArgument, name, name, string.Join(", ", possible));

    /// <summary>No application has a copy of its data that it could be moved to.</summary>
    public static HomelabException DrillNothingToRehearse(string cluster, string names, string waiting = "") => Make(
        nameof(DrillNothingToRehearse), ErrorKind.ObjectNotFound, cluster, cluster, names.Length == 0 ? "*" : names, waiting);

    /// <summary>A finding has no repair, though a drill counts on one.</summary>
    public static HomelabException DrillRemedyMissing(HomelabFinding finding) => Make(
        nameof(DrillRemedyMissing), ErrorKind.InvalidOperation, finding.Reason, finding.Target, finding.Reason);

    /// <summary>Drills were asked for on a real cluster.</summary>
    public static HomelabException DrillSandboxOnly(string cluster) => Make(nameof(DrillSandboxOnly), ErrorKind.InvalidOperation, cluster, cluster);

    /// <summary>There is no drill of this name.</summary>
    public static HomelabException DrillUnknown(string name, IReadOnlyList<string> known) => Make(
        nameof(DrillUnknown), ErrorKind.ObjectNotFound, name, name, string.Join(", ", known));

    private static string Names(IReadOnlyList<HomelabFinding> found) =>
        found.Count == 0 ? "-" : string.Join("; ", found.Select(finding => $"{finding.Reason} {finding.Target}"));
}
