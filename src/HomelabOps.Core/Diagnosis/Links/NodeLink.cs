namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>What one node needs of another one over the network.</summary>
/// <param name="From">The node that asks.</param>
/// <param name="To">The node that ought to answer; the same one where a node is asked about itself.</param>
/// <param name="Host">The address.</param>
/// <param name="Port">The port, of TCP.</param>
internal sealed record NodeLink(string From, string To, string Host, int Port)
{
    /// <summary>The replication whose Syncthing listens there; null for a kubelet.</summary>
    public ResourceReference? Peer { get; init; }

    /// <summary>Whether it was reached.</summary>
    public LinkState State { get; init; }

    /// <summary>The words of a failure.</summary>
    public string Said { get; init; } = "";

    /// <summary>A node that asks itself: where even that fails, it is not the network between nodes.</summary>
    public bool IsControl => From == To;

    /// <summary>Between which nodes, in whatever direction.</summary>
    public (string, string) Pair => string.CompareOrdinal(From, To) < 0 ? (From, To) : (To, From);

    /// <summary>What is told of it.</summary>
    public string Describe() => Errors.Text(Peer is null ? "Evidence_LinkKubelet" : "Evidence_LinkPeer", From, Endpoint, Peer is null ? To : Peer, Said);

    private string Endpoint => Host.Contains(':', StringComparison.Ordinal) ? FormattableString.Invariant($"[{Host}]:{Port}") : FormattableString.Invariant($"{Host}:{Port}");
}
