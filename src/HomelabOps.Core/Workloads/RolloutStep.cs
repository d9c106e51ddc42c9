namespace HomelabOps.Core.Workloads;

/// <summary>How a rollout stands.</summary>
/// <param name="State">How far the controller is.</param>
/// <param name="Trouble">What keeps it from going on without help; null when it may still get there.</param>
/// <param name="Generation">Generation of the workload.</param>
internal sealed record RolloutStep(RolloutState State, RolloutTrouble? Trouble, long Generation);

/// <summary>Why a rollout does not go on.</summary>
/// <param name="Pod">The pod in trouble, with the container; null when it is the workload itself.</param>
/// <param name="Reason">One word.</param>
/// <param name="Message">Explanation by controller, scheduler, kubelet or container.</param>
internal sealed record RolloutTrouble((string Pod, string? Container)? Pod, string Reason, string Message);
