namespace HomelabOps;

/// <summary>A finding, and what was done about it.</summary>
public sealed record HomelabRepair
{
    /// <summary>The finding.</summary>
    public required HomelabFinding Finding { get; init; }

    /// <summary>What was done; null where nothing safe is known.</summary>
    public HomelabRepairAction? Action { get; init; }

    /// <summary>Something was changed.</summary>
    public bool Changed { get; init; }

    /// <summary>What became of it.</summary>
    public HomelabRepairResult Result { get; init; }

    /// <summary>Why it was not done or not proven, or what is to be done by hand; empty when it is gone.</summary>
    public string Message { get; init; } = "";

    /// <summary>Name of the connection.</summary>
    public string Cluster => Finding.Cluster;

    /// <summary>What the finding is about, to hand to other cmdlets.</summary>
    public ResourceReference? Reference => Finding.Target;
}
