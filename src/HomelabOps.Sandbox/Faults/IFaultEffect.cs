namespace HomelabOps.Sandbox.Faults;

/// <summary>What a fault has done to the homelab.</summary>
internal interface IFaultEffect
{
    /// <summary>Whether the cause is there, or somebody has mended it.</summary>
    Task<bool> HoldsAsync(CancellationToken cancellationToken);

    /// <summary>Puts things right. What others have put right already stays as it is.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}
