namespace HomelabOps.Core.Databases;

/// <summary>How a database was found.</summary>
internal enum DatabaseState
{
    /// <summary>SQLite finds nothing wrong.</summary>
    Whole,

    /// <summary>It is damaged, or its parts do not belong together.</summary>
    Damaged,

    /// <summary>It needs what only its application has, or could not be looked at.</summary>
    Unknown,
}
