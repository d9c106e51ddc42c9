using HomelabOps.Core.Kubernetes.Nodes;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Tells the cluster that the old node is off for certain, so that it gives up all of its pods and detaches their volumes, and not only those of the applications.</summary>
internal sealed class GiveUpStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "GiveUp";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, node) = (context.Options, context.Record.From);

        // One that is alive would lose its running pods.
        if (await NodePods.IsReadyAsync(options, node, cancellationToken))
        {
            throw Errors.FenceFailed(node, options.Client.Name);
        }

        await NodeCordon.GiveUpAsync(options.Client, node, options.Journal, cancellationToken);
        return Errors.Text("Detail_StepGivenUp", node, NodeCordon.OutOfService);
    }
}
