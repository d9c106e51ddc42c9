using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Makes records of Syncthings.</summary>
internal static class SyncthingMapper
{
    /// <summary>One record for each folder and peer.</summary>
    public static IEnumerable<SyncthingStatus> Map(SyncthingTarget target, IEnumerable<SyncthingReading> readings) => readings.SelectMany(reading => reading.Peers.Count == 0
        ? [Of(target, reading, null)]
        : reading.Peers.Select(peer => Of(target, reading, peer)));

    /// <summary>The record of one that does not tell anything.</summary>
    public static SyncthingStatus Map(SyncthingTarget target, HomelabException error) => Judge(Base(target) with
    {
        Message = error.Message,
        State = error.Id switch
        {
            nameof(Errors.SyncthingNotRunning) => SyncthingState.NotRunning,
            nameof(Errors.SyncthingRefused) or nameof(Errors.SyncthingKeyUnknown) => SyncthingState.Refused,
            nameof(Errors.AccessDenied) => SyncthingState.Unread,
            _ => SyncthingState.Unreachable,
        },
    }, target);

    private static SyncthingStatus Of(SyncthingTarget target, SyncthingReading reading, SyncthingPeerReading? peer)
    {
        var (own, theirs, errors) = (reading.Own, peer?.Completion, reading.Status.PullErrors ?? reading.Status.Errors ?? 0);
        var lacksNothing = own is { NeedBytes: 0, NeedItems: 0, NeedDeletes: 0 } && theirs is { NeedBytes: 0, NeedItems: 0, NeedDeletes: 0 };
        var record = Base(target) with
        {
            Device = reading.Device,
            Peer = peer?.Id ?? "",
            PeerName = target.Partner is { Status.Syncthing: { } known } partner && known.Id == peer?.Id ? partner.Metadata.Name : peer?.Name ?? "",
            Connected = peer?.Connected == true,
            CompletionPercent = own.Completion,
            NeedBytes = own.NeedBytes,
            NeedItems = own.NeedItems,
            NeedDeletes = own.NeedDeletes,
            PeerCompletionPercent = theirs?.Completion,
            PeerNeedBytes = theirs?.NeedBytes,
            PeerNeedItems = theirs?.NeedItems,
            InSync = peer?.Connected == true && lacksNothing && errors == 0 && reading.Status.State != "error",
            Folder = reading.Folder.Id,
            FolderType = reading.Folder.Type ?? "",
            FolderState = reading.Status.State ?? "",
            FolderStateSince = WireMapping.Local(reading.Status.StateChanged is { Year: > 1 } changed ? changed : null),
            LastReceived = WireMapping.Local(reading.LastReceived),
            ReceivedBytes = peer?.ReceivedBytes,
            Errors = errors,
            Conflicts = reading.Conflicts,
            LastSeen = WireMapping.Local(peer?.LastSeen),
            StaleAddress = target.IsSuspended ? "" : StaleAddress(target, peer),
        };
        record = record with { PeerDrift = record.PeerDrift || record.StaleAddress.Length > 0 };
        return Judge(record with { State = StateOf(record, target, reading, peer), Message = reading.FirstError }, target);
    }

    private static string StaleAddress(SyncthingTarget target, SyncthingPeerReading? peer) =>
        peer is { Addresses.Count: > 0 } && target.Item?.Spec?.Syncthing?.Peers?.Find(item => item.Id == peer.Id) is { Address: { Length: > 0 } wanted } && !peer.Addresses.Contains(wanted, StringComparer.Ordinal)
            ? string.Join(", ", peer.Addresses) : "";

    private static SyncthingState StateOf(SyncthingStatus record, SyncthingTarget target, SyncthingReading reading, SyncthingPeerReading? peer) =>
        record.Errors > 0 || record.FolderState == "error" ? SyncthingState.Error
        : peer is null ? (target.IsSuspended ? SyncthingState.Paused : SyncthingState.NoPeer)
        : peer.Paused || reading.Folder.Paused ? SyncthingState.Paused
        : !peer.Connected ? SyncthingState.Disconnected
        : record.InSync ? SyncthingState.InSync : SyncthingState.Syncing;

    private static SyncthingStatus Base(SyncthingTarget target) => new()
    {
        Cluster = target.Source.Cluster ?? "",
        Kind = target.Source.Kind,
        Namespace = target.Source.Namespace,
        Name = target.Source.Name,
        App = target.App,
        Role = target.Role,
        ConfiguredPeer = target.Peers.Configured,
        ExpectedPeer = target.Peers.Expected,
        PeerDrift = target.Peers.HasDrifted && !target.IsSuspended,
        Node = target.Pod?.Node ?? "",
        Pod = target.Pod?.Name ?? "",
        CheckedAt = DateTime.Now,
    };

    // What is wrong with the peers explains why they are not connected, so it comes first.
    private static SyncthingStatus Judge(SyncthingStatus record, SyncthingTarget target)
    {
        var drift = record switch
        {
            _ when target.IsSuspended => ReplicationHealth.Told("Detail_ReplicationSuspended", target.Item!, isSource: true),
            { PeerDrift: false } => "",
            _ when !target.Peers.HasDrifted => Errors.Text("Detail_SyncthingPeerStale", record.Reference, record.StaleAddress),
            { ConfiguredPeer: null } => Errors.Text("Detail_SyncthingPeerMissing", record.Reference, record.ExpectedPeer!.Id, record.ExpectedPeer.Address),
            _ => Errors.Text("Detail_SyncthingPeerDrift", record.Reference, record.ConfiguredPeer, record.ExpectedPeer!.Id, record.ExpectedPeer.Address),
        };
        var own = record.Message.Length > 0 ? record.Message : record.State switch
        {
            SyncthingState.Disconnected when target.Partner is { } partner && record.PeerName == partner.Metadata.Name && ReplicationHealth.IsSuspended(partner) =>
                ReplicationHealth.Told("Detail_SyncthingPeerSuspended", partner, isSource: true),
            SyncthingState.Disconnected => Errors.Text("Detail_SyncthingDisconnected", record.PeerName.Length > 0 ? record.PeerName : record.Peer, Display.Moment(record.LastSeen) is { Length: > 0 } seen ? seen : "?"),
            SyncthingState.Paused when target.IsSuspended => "",
            SyncthingState.Paused => Errors.Text("Detail_SyncthingPaused"),
            SyncthingState.NoPeer => Errors.Text("Detail_ReplicationNoPeer"),
            _ when record.Conflicts.Count > 0 => Errors.Text("Detail_SyncthingConflicts", record.Conflicts.Count, record.Conflicts[0]),
            _ => "",
        };
        return record with
        {
            Healthy = !record.PeerDrift && !target.IsSuspended && record.Conflicts.Count == 0 && record.State is SyncthingState.InSync or SyncthingState.Syncing,
            Message = string.Join(' ', new[] { drift, own }.Where(text => text.Length > 0)),
        };
    }
}
