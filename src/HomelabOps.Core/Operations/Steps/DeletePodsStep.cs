namespace HomelabOps.Core.Operations.Steps;

/// <summary>Takes the applications' own pods on the old node out of the API server, and no others: a Deployment that recreates waits for them for ever.</summary>
internal sealed class DeletePodsStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "DeletePods";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var apps = context.Record.Apps.Select(context.Reference).ToHashSet();
        var gone = await NodePods.ForgetAsync(context.Options, context.Record.From, (_, owner) => apps.Contains(owner), cancellationToken);
        return gone.Count == 0 ? Errors.Text("Detail_StepPodsNone", context.Record.From) : Errors.Text("Detail_StepPodsForgotten", string.Join(", ", gone), context.Record.From);
    }
}
