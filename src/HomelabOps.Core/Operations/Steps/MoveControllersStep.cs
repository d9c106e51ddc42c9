using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Lets the controllers that the move needs run on other nodes: those of Flux, of VolSync and of MetalLB, and the cluster's DNS.</summary>
internal sealed class MoveControllersStep : IOperationStep
{
    private const string SystemNamespace = "kube-system";
    private const string NameLabel = "app.kubernetes.io/name";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "MoveControllers";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, config) = (context.Options, context.Options.Config);
        var moved = await NodePods.ForgetAsync(options, context.Record.From, (pod, owner) => owner.Kind == WorkloadTypes.Deployment && IsController(pod, owner, config), cancellationToken);

        // Without Flux's nothing goes on; the others come by themselves.
        foreach (var controller in moved.Where(controller => controller.Namespace == config.FluxNamespace))
        {
            await AwaitAsync(context, controller, cancellationToken);
        }

        return moved.Count == 0 ? Errors.Text("Detail_StepControllersStay") : Errors.Text("Detail_StepControllersMoved", string.Join(", ", moved));
    }

    private static bool IsController(PodWire pod, ResourceReference owner, HomelabConfig config) => owner.Namespace == config.FluxNamespace
        || owner.Namespace == config.MetalLBNamespace
        || owner.Namespace == SystemNamespace
        || pod.Metadata.Labels?.GetValueOrDefault(NameLabel) == "volsync";

    private static async Task AwaitAsync(OperationContext context, ResourceReference controller, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        Workloads.RolloutStep? last = null;
        try
        {
            if (await WorkloadReader.FindAsync(context.Options.Client, controller, limit.Token) is { } workload)
            {
                last = await RolloutWaiter.WaitAsync(context.Options.Client, workload, step => last = step, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.RolloutTimeout(controller, Patience, last?.State.Message ?? "");
        }

        if (last?.Trouble is { } trouble)
        {
            throw Errors.RolloutFailed(controller, trouble.Reason, trouble.Message);
        }
    }
}
