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
    /// <returns>Whether it had.</returns>
    /// <exception cref="HomelabException">VolSyncNotInstalled, AccessDenied, JournalUnwritable.</exception>
    public static async Task<bool> CutAsync(ClusterClient client, ReplicationStatus target, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(target.Kind, client);
        if (await client.FindObjectAsync(type, target.Namespace, target.Name, cancellationToken) is not { } item || item["spec"]?["syncthing"]?["peers"] is not JsonArray { Count: > 0 } peers)
        {
            return false;
        }

        var (patch, undo) = (Peers([]), Peers(peers));
        await journal.RunAsync(
            new JournalEntry { Cluster = client.Name, Kind = target.Kind, Namespace = target.Namespace, Name = target.Name, Change = patch.ToJsonString(), Undo = JournalUndo.MergePatch(undo.ToJsonString()) },
            () => client.PatchAsync(type, target.Namespace, target.Name, PatchKind.Merge, patch, cancellationToken));
        return true;
    }

    private static JsonObject Peers(JsonArray peers) => new() { ["spec"] = new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = peers.DeepClone() } } };

    private static JsonObject Patch(bool paused) => new() { ["spec"] = new JsonObject { ["paused"] = paused ? true : null } };
}
