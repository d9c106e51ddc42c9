namespace HomelabOps.Core.Operations.Record;

/// <summary>A step of an operation.</summary>
internal sealed class OperationStepRecord
{
    public string Name { get; set; } = "";

    public OperationStepStatus Status { get; set; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    /// <summary>What came of it.</summary>
    public string Message { get; set; } = "";
}
