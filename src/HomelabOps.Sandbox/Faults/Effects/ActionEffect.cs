namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>An effect that asks the cluster, or another effect with something beside it.</summary>
internal sealed class ActionEffect(Func<CancellationToken, Task<bool>> holds, Func<CancellationToken, Task> end) : IFaultEffect
{
    public Task<bool> HoldsAsync(CancellationToken cancellationToken) => holds(cancellationToken);

    public Task EndAsync(CancellationToken cancellationToken) => end(cancellationToken);
}
