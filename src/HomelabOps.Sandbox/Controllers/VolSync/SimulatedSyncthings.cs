using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Those of the homelab's world, where pods run nothing.</summary>
internal sealed class SimulatedSyncthings : ISyncthings
{
    public void Look(MoverContext context)
    {
        if (context.World.Syncthing.Read(context.Key, (device, _) => device.Place) is { } last)
        {
            // The program starts and ends with its pod, and keeps the peers that it was given.
            context.World.Syncthing.Place(context.Key, Claim(context), Place(context, last.Hosts, last.Peers));
        }
    }

    public Task<(string Id, JsonArray Peers)> ConfigureAsync(MoverContext context, IReadOnlyList<string> hosts, IReadOnlyList<SyncPeer> peers, CancellationToken cancellationToken)
    {
        var network = context.World.Syncthing;
        var place = Place(context, hosts, peers);
        network.Place(context.Key, Claim(context), place);
        if (place.Pod is null)
        {
            throw SyncthingMover.NotReached(context);
        }

        var (id, told) = network.Read(context.Key, (device, _) => (device.Id, Peers: Peers(device)));
        return peers.Any(peer => peer.Id == id) ? throw SyncthingMover.OwnPeer() : Task.FromResult((id!, told!));
    }

    private static string Claim(MoverContext context) => Text(context.Owner, "spec.sourcePVC");

    private static SyncthingPlace Place(MoverContext context, IReadOnlyList<string> hosts, IReadOnlyList<SyncPeer> peers)
    {
        var pod = SyncthingMover.Pod(context);
        var claim = Claim(context);
        var isWritten = context.Cluster.Users.Of(new(context.Namespace, claim)).Any(user => !VolSyncNames.IsVolSyncs(user) && Text(user, "status.phase") == "Running" && At(user, "metadata.deletionTimestamp") is null);
        return new(peers, hosts, pod is null ? null : Text(pod, "metadata.name"), Text(pod, "status.podIP"), pod is null ? null : Text(pod, "spec.nodeName"), isWritten)
        {
            Folder = MoverVolumes.FolderOf(context, context.Cluster.Claims.Find(context.Namespace, claim)),
        };
    }

    // A peer that is not connected has no address, of which VolSync makes this.
    private static JsonArray Peers(SyncthingDevice device) => new([.. device.Peers.OrderBy(peer => peer.Id, StringComparer.Ordinal).Select(peer =>
    {
        var link = device.Link(peer.Id);
        var status = new JsonObject { ["ID"] = peer.Id, ["address"] = "tcp://" + (link.IsConnected ? link.Address : ""), ["connected"] = link.IsConnected };
        if (link.Name.Length > 0)
        {
            status["name"] = link.Name;
        }

        return status;
    })]);
}
