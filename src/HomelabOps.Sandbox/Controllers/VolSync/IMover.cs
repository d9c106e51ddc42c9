namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>A way to replicate.</summary>
internal interface IMover
{
    /// <summary>Brings a run on its way or further.</summary>
    /// <exception cref="MoverException">It cannot go on.</exception>
    Task<MoverResult> SynchronizeAsync(MoverContext context, CancellationToken cancellationToken);

    /// <summary>Takes away what a run has left.</summary>
    Task CleanUpAsync(MoverContext context, CancellationToken cancellationToken);
}
