namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>A switch of one of the worlds around the cluster.</summary>
/// <param name="holds">Whether it is turned.</param>
/// <param name="end">Turns it back.</param>
internal sealed class SwitchEffect(Func<bool> holds, Action end) : IFaultEffect
{
    public Task<bool> HoldsAsync(CancellationToken cancellationToken) => Task.FromResult(holds());

    public Task EndAsync(CancellationToken cancellationToken)
    {
        end();
        return Task.CompletedTask;
    }
}
