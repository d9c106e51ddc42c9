namespace HomelabOps.Core.GitOps.Commits;

/// <summary>What has been reached. Ending between any two of them leaves a clone that can be used.</summary>
internal enum CommitStep
{
    /// <summary>The clone knows where the remote's branch is. Nothing else has changed.</summary>
    Fetched,

    /// <summary>The commit is in the object database, and no reference leads to it.</summary>
    Written,

    /// <summary>The remote has it. A working copy is behind, as after a push from elsewhere.</summary>
    Pushed,

    /// <summary>The working copy is noted to be on its way; whoever opens it next goes on.</summary>
    Noted,

    /// <summary>One file has its new content.</summary>
    FileWritten,

    /// <summary>All files and the index are as the commit has them.</summary>
    IndexWritten,

    /// <summary>The branch is at the commit.</summary>
    BranchMoved,
}
