namespace HomelabOps.Core.Ssh;

/// <summary>What known_hosts says of a host's key.</summary>
internal enum HostKeyTrust
{
    /// <summary>Nothing of this host.</summary>
    Unknown,

    /// <summary>It is this key.</summary>
    Known,

    /// <summary>It is another key.</summary>
    Changed,

    /// <summary>The key was taken back.</summary>
    Revoked,
}
