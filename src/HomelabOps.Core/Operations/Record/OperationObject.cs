namespace HomelabOps.Core.Operations.Record;

/// <summary>An object that belongs to an operation.</summary>
internal sealed class OperationObject
{
    public string Kind { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Peers that it had and that are not in Git, of a Syncthing that they were taken from in the cluster only.</summary>
    public List<SyncthingPeer> Cut { get; set; } = [];

    /// <summary>It as it is written down.</summary>
    public static OperationObject Of(ResourceReference reference) => new() { Kind = reference.Kind, Namespace = reference.Namespace, Name = reference.Name };

    /// <summary>Its identity in a cluster.</summary>
    public ResourceReference Reference(string? cluster) => new(cluster, Kind, Namespace, Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}";
}
