using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>What links that are broken have in common.</summary>
/// <param name="Node">The node that most of them lead to or from.</param>
/// <param name="Others">The nodes at their other ends.</param>
/// <param name="Links">The links.</param>
internal sealed record LinkBreak(string Node, IReadOnlyList<string> Others, IReadOnlyList<NodeLink> Links)
{
    /// <summary>The kubelets reach each other, and pods do not.</summary>
    public bool IsOfPods => Links.All(link => link.Peer is not null);

    /// <summary>Only kubelets are not reached, which a firewall may want, or sites whose nodes have another way to each other; nothing that pods need was seen to fail.</summary>
    public bool IsOfKubelets => Links.All(link => link.Peer is null);

    /// <summary>The one address that is not reached, where others between the same nodes may well be.</summary>
    public ResourceReference? Peer { get; init; }

    /// <summary>Whether it is between two nodes.</summary>
    public bool IsBetween(string one, string other) => (Node == one && Others.Contains(other)) || (Node == other && Others.Contains(one));

    /// <summary>Finds them. Syncthings that are connected all the same have another way, or were only just not there.</summary>
    public static IReadOnlyList<LinkBreak> Of(HomelabSnapshot snapshot)
    {
        // A kubelet that its own node does not reach either is being started again.
        var silent = (snapshot.Links ?? []).Where(link => link.IsControl && link.State == LinkState.Broken).Select(link => link.To).ToHashSet(StringComparer.Ordinal);
        var links = (snapshot.Links ?? []).Where(link => !link.IsControl && !(link.Peer is null && silent.Contains(link.To)) && (link.State != LinkState.Broken || link.Peer is null || !IsConnected(snapshot, link.Peer))).ToList();
        var broken = links.Where(link => link.State == LinkState.Broken).GroupBy(link => link.Pair).ToDictionary(group => group.Key, group => group.ToList());

        // Of one address alone the network need not be the cause, nor of those of one namespace, which a NetworkPolicy may guard; and where pods
        // reach pods the nodes reach each other, whatever is before their kubelets.
        var joined = links.Where(link => link is { Peer: not null, State: LinkState.Reached }).Select(link => link.Pair).ToHashSet();
        var cut = broken.Where(pair => !joined.Contains(pair.Key) && (pair.Value.Exists(link => link.Peer is null) || pair.Value.Select(link => link.Peer!.Namespace).Distinct().Skip(1).Any()))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        var rest = broken.Where(pair => !cut.ContainsKey(pair.Key)).SelectMany(pair => pair.Value).Where(link => link.Peer is not null).Select(link => new LinkBreak(link.From, [link.To], [link]) { Peer = link.Peer }).ToList();
        return [.. rest, .. Join(cut)];
    }

    // A node that nobody reaches is one break, and not as many as there are nodes; of two that do not reach each other it is the one that does not answer.
    private static IEnumerable<LinkBreak> Join(Dictionary<(string, string), List<NodeLink>> cut)
    {
        while (cut.Count > 0)
        {
            var node = cut.Keys.SelectMany(pair => new[] { pair.Item1, pair.Item2 }).CountBy(name => name)
                .OrderByDescending(each => each.Value).ThenByDescending(each => cut.Values.Sum(links => links.Count(link => link.To == each.Key))).ThenBy(each => each.Key, StringComparer.Ordinal).First().Key;
            var own = cut.Where(pair => pair.Key.Item1 == node || pair.Key.Item2 == node).ToList();
            yield return new(node, [.. own.Select(pair => pair.Key.Item1 == node ? pair.Key.Item2 : pair.Key.Item1).Order(StringComparer.Ordinal)], [.. own.SelectMany(pair => pair.Value)]);
            own.ForEach(pair => cut.Remove(pair.Key));
        }
    }

    private static bool IsConnected(HomelabSnapshot snapshot, ResourceReference replication) =>
        snapshot.Syncthings?.FirstOrDefault(status => status.Reference == replication) is { } asked
            ? asked.Connected
            : snapshot.Replications?.FirstOrDefault(status => status.Reference == replication)?.Healthy == true;
}
