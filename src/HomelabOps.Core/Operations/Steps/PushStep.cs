namespace HomelabOps.Core.Operations.Steps;

/// <summary>Brings to the remote what was committed while it was not reached: the same edit, on what it has now.</summary>
internal sealed class PushStep : IOperationStep
{
    public string Name => "Push";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        await OperationStand.CheckMovedAsync(context, cancellationToken);
        return await new CommitStep().RunAsync(context, cancellationToken);
    }
}
