namespace HomelabOps.Core.Volumes;

/// <summary>A volume whose claim was deleted.</summary>
/// <param name="Name">The volume.</param>
/// <param name="ClaimNamespace">Namespace of the claim.</param>
/// <param name="ClaimName">The claim.</param>
/// <param name="ClaimUid">The deleted claim itself.</param>
/// <param name="Version">The volume's version, so that a change of somebody else is noticed.</param>
internal sealed record ReleasedVolume(string Name, string ClaimNamespace, string ClaimName, string? ClaimUid, string? Version);
