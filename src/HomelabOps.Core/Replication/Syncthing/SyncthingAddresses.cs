using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>
/// Tells a Syncthing where its peers are now. VolSync knows peers by their IDs alone: the new address of one that is known never gets into
/// the settings of the Syncthing, which outlast its pod.
/// </summary>
internal static class SyncthingAddresses
{
    /// <summary>Gives it the addresses of peers that it looks for elsewhere; those that it does not know VolSync brings.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="source">Its ReplicationSource.</param>
    /// <param name="peers">The peers; those of its spec where null.</param>
    /// <param name="config">The settings of the homelab.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">ReplicationGone, SyncthingNotRunning, SyncthingUnreachable, SyncthingRefused.</exception>
    public static async Task AlignAsync(ClusterClient client, ResourceReference source, IReadOnlyList<SyncthingPeer>? peers, HomelabConfig config, CancellationToken cancellationToken)
    {
        using var api = await SyncthingApi.OpenAsync(client, source, config, cancellationToken);
        peers ??= (api.Target.Item?.Spec?.Syncthing?.Peers ?? []).ConvertAll(peer => new SyncthingPeer(peer.Id ?? "", peer.Address ?? ""));
        var devices = await api.GetAsync("rest/config/devices", SyncthingWireContext.Default.ListDeviceWire, cancellationToken);
        foreach (var peer in peers.Where(peer => peer.Address.Length > 0 && devices.Exists(device => device.DeviceId == peer.Id && device.Addresses?.Contains(peer.Address, StringComparer.Ordinal) != true)))
        {
            await api.PatchAsync($"rest/config/devices/{peer.Id}", new JsonObject { ["addresses"] = new JsonArray(peer.Address) }, cancellationToken);
        }
    }
}
