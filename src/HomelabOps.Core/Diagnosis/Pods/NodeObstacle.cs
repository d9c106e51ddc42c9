namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>Why a node does not take a pod.</summary>
/// <param name="Kind">What sort of reason.</param>
/// <param name="Text">The reason in words.</param>
internal sealed record NodeObstacle(NodeObstacleKind Kind, string Text);
