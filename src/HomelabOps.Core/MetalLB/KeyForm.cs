namespace HomelabOps.Core.MetalLB;

/// <summary>How a private key is written, as far as it matters to who reads it.</summary>
internal enum KeyForm
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It cannot be read.</summary>
    Invalid,

    /// <summary>RSA as PKCS#1 (<c>BEGIN RSA PRIVATE KEY</c>), the only form of the rotator.</summary>
    Pkcs1,

    /// <summary>Any other form that Go reads as the key of a server.</summary>
    Other,
}
