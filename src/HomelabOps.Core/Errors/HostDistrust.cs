namespace HomelabOps.Core;

/// <summary>Why a host is not trusted.</summary>
internal enum HostDistrust
{
    /// <summary>Its key is not among the known ones.</summary>
    Key,

    /// <summary>Its key is another one than before.</summary>
    KeyChanged,

    /// <summary>Nobody vouches for its certificate.</summary>
    Certificate,
}
