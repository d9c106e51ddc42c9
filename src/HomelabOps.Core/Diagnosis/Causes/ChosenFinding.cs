namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>A finding that is told.</summary>
/// <param name="Identity">What it is known by when the homelab is looked at once more.</param>
/// <param name="Finding">The finding.</param>
internal sealed record ChosenFinding(object Identity, HomelabFinding Finding);
