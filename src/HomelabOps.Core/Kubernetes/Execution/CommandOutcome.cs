namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>What a command did.</summary>
/// <param name="Result">The record.</param>
/// <param name="IsCut">It wrote more than is kept.</param>
internal sealed record CommandOutcome(HomelabCommandResult Result, bool IsCut);
