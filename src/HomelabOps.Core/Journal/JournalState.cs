namespace HomelabOps.Core.Journal;

/// <summary>How far a change is.</summary>
internal enum JournalState
{
    /// <summary>It is about to be made. Without a later line nobody knows whether it was.</summary>
    Started,

    /// <summary>It was made.</summary>
    Done,

    /// <summary>It was not made.</summary>
    Failed,
}
