using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>A Syncthing of the cluster, and what the cluster says of it.</summary>
/// <param name="Source">Its ReplicationSource, or its pod where VolSync does not run it.</param>
/// <param name="App">Application whose data it is; empty when nothing says.</param>
/// <param name="Role">Its side.</param>
/// <param name="Pods">Its pods; usually one.</param>
internal sealed record SyncthingTarget(ResourceReference Source, string App, SyncthingRole Role, IReadOnlyList<HomelabPod> Pods)
{
    /// <summary>The ReplicationSource; null where VolSync does not run it.</summary>
    public ReplicationWire? Item { get; init; }

    /// <summary>The other replication of the same data; null when it is not in this cluster.</summary>
    public ReplicationWire? Partner { get; init; }

    /// <summary>What the spec names, against what it ought to.</summary>
    public PeerCheck Peers { get; init; } = PeerCheck.None;

    /// <summary>Its peers were taken away on purpose, so nothing is wrong with them.</summary>
    public bool IsSuspended => Item is not null && ReplicationHealth.IsSuspended(Item);

    /// <summary>The pod that answers; null when none does.</summary>
    public HomelabPod? Pod => Pods.FirstOrDefault(pod => pod.Ready) ?? (Pods.Count > 0 ? Pods[0] : null);
}
