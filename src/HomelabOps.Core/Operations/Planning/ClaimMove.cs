namespace HomelabOps.Core.Operations.Planning;

/// <summary>A claim of an application, and the one that has the copy of its data.</summary>
/// <param name="Claim">The claim that its manifest names.</param>
/// <param name="Volume">That claim's row; null where there is no such claim.</param>
/// <param name="Other">The claim on the other node.</param>
/// <param name="OtherVolume">That claim's row; null where there is no such claim.</param>
internal sealed record ClaimMove(string Claim, HomelabVolume? Volume, string Other, HomelabVolume? OtherVolume)
{
    /// <summary>Both names.</summary>
    public override string ToString() => $"{Claim} -> {Other}";
}
