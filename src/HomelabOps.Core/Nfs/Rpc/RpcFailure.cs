namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>Why a call brought no result.</summary>
internal enum RpcFailure
{
    /// <summary>The name of the host is not known.</summary>
    UnknownHost,

    /// <summary>Nobody listens, or no way leads there.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Silent,

    /// <summary>What came is no answer.</summary>
    Garbage,

    /// <summary>The server has the program in other versions, or not at all.</summary>
    Unavailable,

    /// <summary>The server refuses the call.</summary>
    Refused,
}
