namespace HomelabOps.Console;

/// <summary>How a pipeline ended. One that emitted errors is completed too: $? tells of them.</summary>
internal enum PipelineOutcome
{
    Completed,
    Failed,
    Stopped,
}
