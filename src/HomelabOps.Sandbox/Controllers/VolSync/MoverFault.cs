namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>What makes the Jobs of a mover fail.</summary>
internal enum MoverFault
{
    None,

    /// <summary>A restic repository is locked by a run that died; unlocking it ends the fault.</summary>
    ResticLock,

    /// <summary>The mover may not change owners on its volume. Privileged movers may.</summary>
    PermissionDenied,

    /// <summary>The other end of the transfer does not answer.</summary>
    Unreachable,

    /// <summary>The Job runs on without an end.</summary>
    Hangs,
}
