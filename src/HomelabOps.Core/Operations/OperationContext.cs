using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations;

/// <summary>What the steps of an operation work with.</summary>
/// <param name="Options">How it is done.</param>
/// <param name="Record">The operation, as far as it is.</param>
/// <param name="Tell">Takes what there is to tell meanwhile.</param>
internal sealed record OperationContext(FailoverOptions Options, OperationRecord Record, Action<Notice> Tell)
{
    /// <summary>Writes the operation down.</summary>
    public Action Save { get; init; } = () => { };

    /// <summary>Gives the other operations of the cluster that are not done.</summary>
    public Func<IEnumerable<OperationRecord>> Others { get; init; } = () => [];

    /// <summary>The identity of an application of the operation.</summary>
    public ResourceReference Reference(OperationApp app) => app.Reference(Options.Client.Name);
}
