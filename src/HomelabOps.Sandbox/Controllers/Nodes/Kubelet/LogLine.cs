namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>A line that a process writes.</summary>
/// <param name="At">Time since its start.</param>
/// <param name="Text">Without its end.</param>
internal readonly record struct LogLine(TimeSpan At, string Text);
