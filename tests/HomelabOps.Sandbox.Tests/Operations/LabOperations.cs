namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Operations on the lab, of which a cluster lets one through at a time.</summary>
[CollectionDefinition(nameof(LabOperations))]
public sealed class LabOperations;
