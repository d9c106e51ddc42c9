using HomelabOps.Core.Kubernetes.Nodes;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Lets the node at home take pods again, where it was cordoned or given up.</summary>
internal sealed class ReadmitStep : IOperationStep
{
    public string Name => "Readmit";

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, node) = (context.Options, context.Record.To);
        if (await NodePods.FindNodeAsync(options, node, cancellationToken) is not { } found || NodeCordon.IsInService(found, removeTaint: true))
        {
            return Errors.Text("Detail_GateTargetReady", node);
        }

        // Whoever takes the operation back finds it as it was.
        context.Record.Cordon ??= NodeCordon.SuspensionOf(found);
        context.Save();
        await NodeCordon.UncordonAsync(options.Client, node, removeTaint: true, options.Journal, cancellationToken);
        return Errors.Text("Detail_StepReadmitted", node);
    }
}
