namespace HomelabOps.Core.Operations.Planning;

/// <summary>What a target itself said, through a pod on it.</summary>
/// <param name="Folders">Each folder that is there.</param>
/// <param name="Unlooked">Why it was not looked at; null where it was.</param>
internal sealed record TargetFacts(IReadOnlyDictionary<string, FolderSpace> Folders, HomelabException? Unlooked)
{
    private static readonly Dictionary<string, FolderSpace> None = [];

    /// <summary>Nothing was looked at.</summary>
    public static TargetFacts Of(HomelabException? reason) => new(None, reason);
}
