using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Nodes that do not reach each other, or not what their Syncthings talk to.</summary>
internal sealed class LinkCheck : IHomelabCheck
{
    private const string PeerNotReached = "SyncPeerNotReached";

    // More lines say no more.
    private const int MostLines = 12;

    /// <summary>What explains that the Syncthings of two replications, each on a node, do not meet.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, (ResourceReference Replication, string Node) one, (ResourceReference Replication, string Node) other) => snapshot.Breaks
        .Where(each => each.Peer is { } peer ? peer == one.Replication || peer == other.Replication : each.IsBetween(one.Node, other.Node))
        .Select(each => each.Peer is { } peer ? new Cause(peer, PeerNotReached) : new Cause(Key(snapshot, each.Node)));

    /// <summary>What explains that nobody gets through to a node.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, string node) =>
        snapshot.Breaks.Where(each => each.Peer is null && (each.Node == node || each.Others.Contains(node))).Select(each => new Cause(Key(snapshot, each.Node)));

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot) => snapshot.Breaks.Select(each => (each.Peer is { } peer
        ? Symptom.Of(HomelabArea.Network, FindingSeverity.Error, PeerNotReached, peer, each.Node, each.Links[0].To) with { Causes = [new(snapshot.Node(each.Links[0].To), NodeCheck.Evicting)] }
        : Symptom.Of(HomelabArea.Network, each.IsOfKubelets ? FindingSeverity.Warning : FindingSeverity.Error, each.IsOfPods ? "NodePodsCutOff" : "NodeCutOff", snapshot.Node(each.Node), string.Join(", ", each.Others)) with
        {
            Key = Key(snapshot, each.Node),
            Causes = [.. each.Others.Prepend(each.Node).Select(node => new Cause(snapshot.Node(node), NodeCheck.NotReady))],
        }).With(each.Links.OrderBy(link => link.Peer is not null).Select(link => link.Describe()).Take(MostLines)));

    // A node is well of itself whose network is not.
    private static ResourceReference Key(HomelabSnapshot snapshot, string node) => snapshot.Reference("NodeLink", "", node);
}
