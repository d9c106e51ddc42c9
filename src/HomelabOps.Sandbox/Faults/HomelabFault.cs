namespace HomelabOps.Sandbox.Faults;

/// <summary>A fault that an embedded homelab can be given.</summary>
/// <param name="Name">How it is called, such as <c>NodeDown</c>; names stay the same from version to version.</param>
/// <param name="TargetKind">What it is switched on for.</param>
/// <param name="Description">What is wrong then, and how it shows.</param>
public sealed record HomelabFault(string Name, FaultTargetKind TargetKind, string Description);
