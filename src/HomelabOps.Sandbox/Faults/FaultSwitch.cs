namespace HomelabOps.Sandbox.Faults;

/// <summary>A fault that was switched on. Disposing of it switches it off.</summary>
public sealed class FaultSwitch : IAsyncDisposable, IDisposable
{
    private readonly HomelabFaults _owner;
    private readonly IFaultEffect _effect;
    private int _isOff;

    internal FaultSwitch(HomelabFaults owner, HomelabFault fault, string target, DateTimeOffset since, IFaultEffect effect)
    {
        (_owner, Fault, Target, Since, _effect) = (owner, fault, target, since, effect);
    }

    /// <summary>Which fault it is.</summary>
    public HomelabFault Fault { get; }

    /// <summary>What it is on for; empty where the whole homelab is meant.</summary>
    public string Target { get; }

    /// <summary>Since when, by the homelab's clock.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Whether nobody has switched it off.</summary>
    public bool IsOn => Volatile.Read(ref _isOff) == 0;

    /// <summary>Whether its cause is still there. One that somebody has mended by other means is on and no longer in effect.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<bool> IsInEffectAsync(CancellationToken cancellationToken) => IsOn && await _effect.HoldsAsync(cancellationToken);

    /// <summary>Takes the cause away, with what is left of a cause that was mended by other means. Switching off once more does nothing.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task SwitchOffAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isOff, 1) != 0)
        {
            return;
        }

        try
        {
            await _effect.EndAsync(cancellationToken);
        }
        catch
        {
            Volatile.Write(ref _isOff, 0);
            throw;
        }

        _owner.Forget(this);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await SwitchOffAsync(CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose() => SwitchOffAsync(CancellationToken.None).GetAwaiter().GetResult();
}
