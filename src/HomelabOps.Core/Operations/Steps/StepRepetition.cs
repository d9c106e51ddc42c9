namespace HomelabOps.Core.Operations.Steps;

/// <summary>Until when a step that is done is done again where an operation is resumed: what it did may have passed meanwhile.</summary>
internal enum StepRepetition
{
    /// <summary>What it did stays so.</summary>
    Never,

    /// <summary>Until the commit is made, after which it could not be done any more.</summary>
    UntilCommitted,

    /// <summary>Until the cluster has the commit, after which the data of the target is the one that counts.</summary>
    UntilMoved,
}
