namespace HomelabOps.Core.Machine;

/// <summary>Who may read a file that is written; Windows decides that by its folder.</summary>
internal enum FileReaders
{
    /// <summary>Who could read the file that is replaced, and of a new one its owner.</summary>
    AsBefore,

    /// <summary>Its owner alone.</summary>
    Owner,

    /// <summary>Everybody.</summary>
    Everyone,
}
