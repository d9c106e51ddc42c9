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

    /// <summary>Replications that must not write into the data of the target.</summary>
    public List<OperationObject> Writers { get; set; } = [];

    /// <summary>Copies of the data of the target as it was before.</summary>
    public List<string> Protected { get; set; } = [];

    /// <summary>What was lost at least, as it was reckoned before.</summary>
    public TimeSpan? DataLossWindow { get; set; }

    /// <summary>Its identity in a cluster.</summary>
    public ResourceReference Reference(string cluster) => new(cluster, Kind, Namespace, Name);

    /// <summary>Namespace and name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
