namespace HomelabOps.Core.Operations.Planning;

/// <summary>What a target itself said, through a pod on it.</summary>
/// <param name="Free">Free bytes of the file system of each folder that is there.</param>
/// <param name="Sizes">Bytes that each folder takes.</param>
/// <param name="Unlooked">Why it was not looked at; null where it was.</param>
internal sealed record TargetFacts(IReadOnlyDictionary<string, long> Free, IReadOnlyDictionary<string, long> Sizes, HomelabException? Unlooked)
{
    private static readonly Dictionary<string, long> None = [];

    /// <summary>Nothing was looked at.</summary>
    public static TargetFacts Of(HomelabException? reason) => new(None, None, reason);
}
