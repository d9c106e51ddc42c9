namespace HomelabOps.Core;

/// <summary>Who refuses a push.</summary>
internal enum PushRefusal
{
    /// <summary>The remote, for a reason of its own.</summary>
    Remote,

    /// <summary>A hook at the remote.</summary>
    Hook,

    /// <summary>The hook pre-push of this machine.</summary>
    LocalHook,

    /// <summary>The protection of the branch.</summary>
    Protected,
}
