using HomelabOps.Core.Remounting;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Makes sure that the old node is off, so that nothing of it writes any more when the applications run elsewhere.</summary>
internal sealed class FenceStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "Fence";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (record, options) = (context.Record, context.Options);
        return record.Fence switch
        {
            FailoverFence.Proxmox => await GuestPower.StopAsync(Find(options.Config, record.From), options.Login, options.Journal, cancellationToken),
            FailoverFence.Confirm => Errors.Text("Detail_StepFenceConfirmed", record.ConfirmedBy, record.From),
            _ => Errors.Text("Detail_StepFenceNone", record.From),
        };
    }

    /// <summary>The node that a host can switch off, as homelab.yaml has it.</summary>
    /// <exception cref="HomelabException">FenceUnknown, FenceImpossible.</exception>
    public static HomelabConfigNode Find(HomelabConfig config, string name) => config.Nodes.FirstOrDefault(node => node.Name == name) switch
    {
        { Kind: HomelabNodeKind.Host } => throw Errors.FenceImpossible(name),
        { SshHost.Length: > 0 } node => node,
        _ => throw Errors.FenceUnknown(name),
    };
}
