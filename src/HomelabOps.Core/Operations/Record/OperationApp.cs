namespace HomelabOps.Core.Operations.Record;

/// <summary>An application of an operation.</summary>
internal sealed class OperationApp
{
    public string Kind { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Claims, each with the one that takes its place.</summary>
    public Dictionary<string, string> Claims { get; set; } = [];

    /// <summary>Folders of the target with the data.</summary>
    public List<string> Paths { get; set; } = [];

    /// <summary>Replications that must not write into the data of the target; of a way home those that bring the last of it and not more.</summary>
    public List<OperationObject> Writers { get; set; } = [];

    /// <summary>Syncthings of both sides that get their peers again, so that the data comes home.</summary>
    public List<OperationObject> Revived { get; set; } = [];

    /// <summary>Folders of the target, among the paths, whose old data makes room for what comes home.</summary>
    public List<string> Replaced { get; set; } = [];

    /// <summary>Other replications that an operation has silenced, and that go on when the application is at home.</summary>
    public List<OperationObject> Halted { get; set; } = [];

    /// <summary>Copies of the data of the target as it was before.</summary>
    public List<string> Protected { get; set; } = [];

    /// <summary>It was stopped on the target to be taken back, and ran before.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What was lost at least, as it was reckoned before.</summary>
    public TimeSpan? DataLossWindow { get; set; }

    /// <summary>Its identity in a cluster.</summary>
    public ResourceReference Reference(string cluster) => new(cluster, Kind, Namespace, Name);

    /// <summary>Namespace and name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
