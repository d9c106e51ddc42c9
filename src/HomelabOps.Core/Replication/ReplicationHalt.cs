using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Replication;

/// <summary>Stops a replication at once, and lets it go on: what Git says of it from its next reconciliation on comes after.</summary>
internal static class ReplicationHalt
{
    /// <summary>Sets or removes <c>spec.paused</c>, and nothing else.</summary>
    /// <exception cref="HomelabException">ReplicationGone, VolSyncNotInstalled, AccessDenied, JournalUnwritable.</exception>
    public static async Task SetAsync(ClusterClient client, ReplicationStatus target, bool paused, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(target.Kind, client);
        var patch = Patch(paused);
        try
        {
            await journal.RunAsync(
                new JournalEntry { Cluster = client.Name, Kind = target.Kind, Namespace = target.Namespace, Name = target.Name, Change = patch.ToJsonString(), Undo = JournalUndo.MergePatch(Patch(!paused).ToJsonString()) },
                () => client.PatchAsync(type, target.Namespace, target.Name, PatchKind.Merge, patch, cancellationToken));
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
        {
            throw Errors.ReplicationGone(target.Reference);
        }
    }

    /// <summary>Takes the peers of a Syncthing away, where it has any.</summary>
    /// <returns>Those that it had.</returns>
    /// <exception cref="HomelabException">VolSyncNotInstalled, AccessDenied, JournalUnwritable.</exception>
    public static async Task<IReadOnlyList<SyncthingPeer>> CutAsync(ClusterClient client, ReplicationStatus target, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(target.Kind, client);
        if (await PeersAsync(client, type, target.Reference, cancellationToken) is not { Count: > 0 } peers)
        {
            return [];
        }

        await SetAsync(client, type, target.Reference, peers, [], journal, cancellationToken);
        return [.. peers.Select(peer => new SyncthingPeer((string?)peer?["ID"] ?? "", (string?)peer?["address"] ?? ""))];
    }

    /// <summary>Gives a Syncthing its peer, where it has not got it; its other peers stay.</summary>
    /// <exception cref="HomelabException">ReplicationGone, VolSyncNotInstalled, AccessDenied, JournalUnwritable.</exception>
    public static async Task JoinAsync(ClusterClient client, ResourceReference source, SyncthingPeer peer, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(source.Kind, client);
        var peers = await PeersAsync(client, type, source, cancellationToken) ?? throw Errors.ReplicationGone(source);
        if (!peers.Any(known => (string?)known?["ID"] == peer.Id && (string?)known["address"] == peer.Address))
        {
            var others = peers.Where(known => (string?)known?["ID"] != peer.Id).Select(known => known?.DeepClone());
            var joined = new JsonObject { ["ID"] = peer.Id, ["address"] = peer.Address, ["introducer"] = false };
            await SetAsync(client, type, source, peers, [.. others, joined], journal, cancellationToken);
        }
    }

    // Null where there is no such object.
    private static async Task<JsonArray?> PeersAsync(ClusterClient client, ResourceType type, ResourceReference source, CancellationToken cancellationToken) =>
        await client.FindObjectAsync(type, source.Namespace, source.Name, cancellationToken) is not { } item ? null : item["spec"]?["syncthing"]?["peers"] as JsonArray ?? [];

    private static Task<JsonObject> SetAsync(ClusterClient client, ResourceType type, ResourceReference source, JsonArray before, JsonArray after, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var (patch, undo) = (Peers(after), Peers(before));
        return journal.RunAsync(
            new JournalEntry { Cluster = client.Name, Kind = source.Kind, Namespace = source.Namespace, Name = source.Name, Change = patch.ToJsonString(), Undo = JournalUndo.MergePatch(undo.ToJsonString()) },
            () => client.PatchAsync(type, source.Namespace, source.Name, PatchKind.Merge, patch, cancellationToken));
    }

    private static JsonObject Peers(JsonArray peers) => new() { ["spec"] = new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = peers.DeepClone() } } };

    private static JsonObject Patch(bool paused) => new() { ["spec"] = new JsonObject { ["paused"] = paused ? true : null } };
}
