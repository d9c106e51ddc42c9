namespace HomelabOps.Core;

/// <summary>What went wrong, in PowerShell's words: every name is one of its error categories, so that the cmdlets map by name.</summary>
public enum ErrorKind
{
    /// <summary>None of the others.</summary>
    NotSpecified,

    /// <summary>The credentials are missing, expired or refused.</summary>
    AuthenticationError,

    /// <summary>The other side cannot be reached or ended the connection.</summary>
    ConnectionError,

    /// <summary>What the user asked for makes no sense.</summary>
    InvalidArgument,

    /// <summary>A file or an answer is not what it should be.</summary>
    InvalidData,

    /// <summary>The state of things forbids the action.</summary>
    InvalidOperation,

    /// <summary>A program that is needed is not installed.</summary>
    NotInstalled,

    /// <summary>Something that was named does not exist.</summary>
    ObjectNotFound,

    /// <summary>It took too long.</summary>
    OperationTimeout,

    /// <summary>The user may not do this.</summary>
    PermissionDenied,

    /// <summary>Somebody else changed or holds it.</summary>
    ResourceBusy,

    /// <summary>It exists already.</summary>
    ResourceExists,

    /// <summary>It exists but cannot be used now.</summary>
    ResourceUnavailable,

    /// <summary>Trust could not be established.</summary>
    SecurityError,
}
