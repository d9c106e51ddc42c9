namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Why a server's certificate was not accepted.</summary>
public enum TlsFailure
{
    /// <summary>It was accepted, or no connection was made yet.</summary>
    None,

    /// <summary>The server showed none.</summary>
    NoCertificate,

    /// <summary>Nobody who is trusted signed it.</summary>
    UntrustedIssuer,

    /// <summary>It, or its issuer, is past its date.</summary>
    Expired,

    /// <summary>It, or its issuer, is not valid yet; the clock of one of the machines may be wrong.</summary>
    NotYetValid,

    /// <summary>It is for another host.</summary>
    WrongHost,

    /// <summary>Anything else, in the detail.</summary>
    Other,
}
