using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>
/// Joins both ends of a replication while they are read: two Syncthings that are each other's peers, and a source of rsync with
/// the destination that it sends to. A Syncthing is kept back until its peer has come.
/// </summary>
internal sealed class ReplicationPairs
{
    private readonly Dictionary<string, ReplicationStatus> _byId = new(StringComparer.Ordinal);
    private readonly List<(ReplicationStatus Record, List<PeerWire> Peers)> _waiting = [];
    private readonly Dictionary<ResourceReference, ReplicationStatus> _senders = [];
    private readonly IReadOnlyList<(ReplicationStatus Record, ReplicationWire Item)> _destinations;

    /// <param name="destinations">All ReplicationDestinations.</param>
    public ReplicationPairs(IReadOnlyList<(ReplicationStatus Record, ReplicationWire Item)> destinations) => _destinations = destinations;

    /// <summary>Takes a source, and gives those that are complete by it.</summary>
    public IEnumerable<ReplicationStatus> Add(ReplicationStatus source, ReplicationWire item)
    {
        if (item.Spec?.Syncthing is { } syncthing)
        {
            if (item.Status?.Syncthing?.Id is { Length: > 0 } id)
            {
                _byId[id] = source;
            }

            _waiting.Add((source, syncthing.Peers ?? []));
            foreach (var (record, peers) in _waiting.FindAll(held => held.Peers.TrueForAll(peer => _byId.ContainsKey(peer.Id ?? ""))))
            {
                _waiting.RemoveAll(held => held.Record == record);
                yield return Joined(record, peers);
            }

            yield break;
        }

        if (Target(source, item) is not { } target)
        {
            yield return source;
            yield break;
        }

        _senders[target.Reference] = source;
        yield return source with { Partner = target.Reference, DestinationPvc = target.DestinationPvc };
    }

    /// <summary>What is left when all sources have come: Syncthings whose peer is elsewhere, and the destinations.</summary>
    public IEnumerable<ReplicationStatus> Rest() => _waiting.Select(held => Joined(held.Record, held.Peers)).Concat(_destinations.Select(destination =>
        _senders.GetValueOrDefault(destination.Record.Reference) is { } sender ? destination.Record with { Partner = sender.Reference, SourcePvc = sender.SourcePvc } : destination.Record));

    private ReplicationStatus Joined(ReplicationStatus record, List<PeerWire> peers) =>
        peers.Select(peer => _byId.GetValueOrDefault(peer.Id ?? "")).FirstOrDefault(peer => peer is not null && peer != record) is { } partner
            ? record with { Partner = partner.Reference, DestinationPvc = partner.SourcePvc }
            : record;

    // By the address of its Service, or by the Service's name.
    private ReplicationStatus? Target(ReplicationStatus source, ReplicationWire item)
    {
        if ((item.Spec?.RsyncTls ?? item.Spec?.Rsync)?.Address is not { Length: > 0 } address)
        {
            return null;
        }

        return _destinations.FirstOrDefault(destination =>
            destination.Record.Method == source.Method
            && ((destination.Item.Status?.RsyncTls ?? destination.Item.Status?.Rsync)?.Address == address
                || IsService(address, MoverNames.Controller(source.Method, destination.Record.Name, isSource: false), destination.Record.Namespace, source.Namespace))).Record;
    }

    private static bool IsService(string address, string service, string @namespace, string from) =>
        (address == service && @namespace == from) || address == $"{service}.{@namespace}" || address.StartsWith($"{service}.{@namespace}.", StringComparison.Ordinal);
}
